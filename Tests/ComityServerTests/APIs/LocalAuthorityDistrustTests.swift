// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import ComityServer
import ComityTesting
import FoundationEssentials
import GRPCCore
import ServerAPIProtos
import SwiftProtobuf
import Testing

/// What operators are answered who taint and revoke.
@Suite struct LocalAuthorityDistrustTests {
    private typealias State = Spire_Api_Server_Localauthority_V1_AuthorityState

    /// Taints and revokes either kind, by one pair of names.
    private struct Operator {
        let service: LocalAuthorityService
        let kind: AuthorityKind

        func taint(_ id: String) async throws -> State {
            switch kind {
            case .x509:
                try await service.taintX509Authority(request: .with { $0.authorityID = id }, context: .test)
                    .taintedAuthority
            case .jwt:
                try await service.taintJWTAuthority(request: .with { $0.authorityID = id }, context: .test)
                    .taintedAuthority
            }
        }

        func revoke(_ id: String) async throws -> State {
            switch kind {
            case .x509:
                try await service.revokeX509Authority(request: .with { $0.authorityID = id }, context: .test)
                    .revokedAuthority
            case .jwt:
                try await service.revokeJWTAuthority(request: .with { $0.authorityID = id }, context: .test)
                    .revokedAuthority
            }
        }
    }

    struct Words: Sendable {
        var kind: AuthorityKind
        var name: String
        var untainted: String
        var prepared: String
        var unknown: String
    }

    static let words = [
        Words(
            kind: .x509, name: "X.509", untainted: "it is not possible to revoke an untainted root CA",
            prepared: "only Old local authority can be revoked", unknown: "only Old local authority can be revoked"),
        Words(
            kind: .jwt, name: "JWT", untainted: "it is not possible to revoke an untainted key",
            prepared: "unable to use a prepared key",
            unknown: "no JWT authority found with provided authority ID"),
    ]

    @Test(arguments: words) func answersWithTheAuthority(words: Words) async throws {
        let server = try AuthorityServer()
        let authorities = try server.boot()
        try await authorities.start()
        let user = Operator(service: LocalAuthorityService(authorities: authorities), kind: words.kind)
        let old = try await authorities.states(of: words.kind).active
        let prepared = try await authorities.prepare(words.kind)
        _ = try await authorities.activate(words.kind, authorityID: prepared.authorityID)
        let expected = State.with {
            $0.authorityID = old.authorityID
            $0.expiresAt = Int64(old.expiresAt.timeIntervalSince1970)
        }
        await expectRefusal(.internalError, "failed to revoke \(words.name) authority: \(words.untainted)") {
            try await user.revoke(old.authorityID)
        }
        #expect(try await user.taint(old.authorityID) == expected)
        #expect(try await user.revoke(old.authorityID) == expected)
    }

    @Test(arguments: words) func refusesInSPIREsWords(words: Words) async throws {
        let server = try AuthorityServer()
        let authorities = try server.boot()
        let user = Operator(service: LocalAuthorityService(authorities: authorities), kind: words.kind)
        await expectRefusal(.unavailable, "server is initializing") { try await user.taint("00") }
        await expectRefusal(.unavailable, "server is initializing") { try await user.revoke("00") }
        try await authorities.start()
        let active = try await authorities.states(of: words.kind).active.authorityID
        let prepared = try await authorities.prepare(words.kind).authorityID
        await expectRefusal(.invalidArgument, "no authority ID provided") { try await user.taint("") }
        await expectRefusal(.invalidArgument, "unexpected authority ID") { try await user.taint("00") }
        await expectRefusal(.invalidArgument, "unable to taint current local authority") {
            try await user.taint(active)
        }
        await expectRefusal(
            .invalidArgument,
            "only Old local authorities can be tainted: unsupported local authority status: PREPARED"
        ) {
            try await user.taint(prepared)
        }
        for (id, why) in [
            ("", "no authority ID provided"), (active, "unable to use current authority"), (prepared, words.prepared),
            ("00", words.unknown),
        ] {
            await expectRefusal(.invalidArgument, "invalid authority ID: \(why)") { try await user.revoke(id) }
        }
    }
}
