// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import ComityKeys
import ComityRegistry
import ComityServer
import ComityStorage
import ComityTesting
import FoundationEssentials
import GRPCCore
import SPIFFE
import ServerAPIProtos
import SwiftProtobuf
import Testing
import X509

/// A server below another authority.
@Suite struct LocalAuthoritiesUpstreamTests {
    private let server: AuthorityServer
    private let upstream: FakeUpstream

    init() throws {
        server = try AuthorityServer()
        upstream = try FakeUpstream(server.trustDomain)
    }

    private func start() async throws -> LocalAuthorities {
        let authorities = try server.boot(upstream: upstream)
        try await authorities.start()
        return authorities
    }

    private var record: BundleRecord {
        get async throws { try #require(try await server.store.bundle(of: server.trustDomain)) }
    }

    @Test("X509-42: with an authority above, its root is published, and SVIDs verify by it alone")
    func publishesTheRoot() async throws {
        let authorities = try await start()
        #expect(try await server.bundle.x509Authorities == [upstream.root])
        let credential = try #require(authorities.identity.credential)
        #expect(credential.certificates.count == 2)
        let verified = try UnverifiedX509SVID(certificates: credential.certificates)
            .verified(by: BundleSet([try await server.bundle]), at: server.clock.now)
        #expect(verified.id == .server(of: server.trustDomain))
        let active = try await authorities.states(of: .x509).active
        #expect(active.upstreamAuthorityID == (try upstream.root.subjectKeyIdentifier.hex))
        #expect(server.log.texts.contains { $0.contains("X509 CA prepared") && $0.contains("self_signed=false") })
    }

    @Test func restartsWhileNothingAboveAnswers() async throws {
        let active = try await start().states(of: .x509).active
        upstream.setAway(true)
        let restarted = try await start()
        #expect(try await restarted.states(of: .x509).active == active)
        #expect(upstream.minted == 1)
        #expect(server.log.texts.contains { $0.hasPrefix("error Upstream authority does not answer") })
    }

    @Test("a first start without the authority above fails; later failures are told once")
    func needsItAtFirst() async throws {
        upstream.setAway(true)
        await #expect(throws: FakeUpstream.Away.self) { try await start() }
        upstream.setAway(false)
        let authorities = try await start()
        upstream.setAway(true)
        await authorities.followUpstream()
        await authorities.followUpstream()
        #expect(server.log.texts.filter { $0.hasPrefix("error Upstream authority does not answer") }.count == 1)
        upstream.setAway(false)
        await authorities.followUpstream()
        #expect(server.log.texts.contains("info Upstream authority answers again"))
    }

    @Test("a new root above is published before anything of it arrives; no CA is replaced for it")
    func followsTheRoots() async throws {
        let authorities = try await start()
        let old = try upstream.root
        try upstream.rotate()
        await authorities.followUpstream()
        #expect(try await server.bundle.x509Authorities == [old, upstream.root])
        #expect(upstream.minted == 1)
        let sequence = try await record.bundle.sequenceNumber
        await authorities.followUpstream()
        #expect(try await record.bundle.sequenceNumber == sequence)
    }

    @Test("a tainted root above: the CA below it is replaced first, then agents are told")
    func replacesBeforeItTells() async throws {
        let authorities = try await start()
        let old = try upstream.root
        let active = try await authorities.states(of: .x509).active
        try upstream.rotate()
        try upstream.change { try $0.taint(old) }
        // Nothing is told while the CA cannot be replaced.
        let changing = try server.boot(upstream: Mute(upstream))
        try await changing.start()
        #expect(try await record.taintedX509Authorities.isEmpty)

        await authorities.followUpstream()
        let now = try await authorities.states(of: .x509)
        #expect(now.old?.authorityID == active.authorityID)
        #expect(now.active.upstreamAuthorityID == (try upstream.root.subjectKeyIdentifier.hex))
        #expect(try await record.taintedX509Authorities == [old])
        let leaf = try #require(authorities.identity.credential).leaf
        #expect(
            Array(try #require(try leaf.extensions.authorityKeyIdentifier?.keyIdentifier)).hex == now.active.authorityID
        )
        await authorities.followUpstream()
        #expect(upstream.minted == 2)

        try upstream.change { try $0.revoke(old) }
        await authorities.followUpstream()
        #expect(try await server.bundle.x509Authorities == [upstream.root])
        for line in ["info X.509 authority tainted", "info X.509 authority revoked"] {
            #expect(server.log.texts.contains("\(line) subject_key_id=\(old.subjectKeyIdentifier.hex)"))
        }
    }

    @Test("JWT keys are published above, and those known there become known here") func sharesKeys() async throws {
        let elsewhere = try TestJWTKey(keyID: "elsewhere").authority
        try upstream.change {
            try $0.append(jwtAuthorities: [elsewhere], jwtExpirations: ["elsewhere": TestTime.future])
        }
        let authorities = try await start()
        let own = try await authorities.states(of: .jwt).active.authorityID
        #expect(Set(upstream.record.bundle.jwtAuthorities.map(\.keyID)) == ["elsewhere", own])
        #expect(try await Set(server.bundle.jwtAuthorities.map(\.keyID)) == ["elsewhere", own])
    }

    @Test("where nothing above takes keys they stay here, with one warning") func keepsKeys() async throws {
        upstream.refuseKeys()
        let authorities = try await start()
        _ = try await authorities.prepare(.jwt)
        #expect(try await server.bundle.jwtAuthorities.count == 2)
        #expect(server.log.texts.filter { $0.contains("does not support JWT-SVIDs") }.count == 1)
    }

    @Test func operatorDistrustsWhatIsAboveInSPIREsWords() async throws {
        let authorities = try await start()
        let service = LocalAuthorityService(authorities: authorities)
        let old = try upstream.root.subjectKeyIdentifier.hex
        let taint = { (id: String) in
            try await service.taintX509UpstreamAuthority(request: .with { $0.subjectKeyID = id }, context: .test)
        }
        let revoke = { (id: String) in
            try await service.revokeX509UpstreamAuthority(request: .with { $0.subjectKeyID = id }, context: .test)
        }
        let using = "unable to use upstream authority singing current authority"
        for (id, why) in [
            ("", "no subject key ID provided"), (old, using),
            ("00", "upstream authority didn't sign the old local authority"),
        ] {
            await expectRefusal(.invalidArgument, "provided subject key id is not valid: \(why)") {
                try await taint(id)
            }
            await expectRefusal(.invalidArgument, "invalid subject key ID: \(why)") { try await revoke(id) }
        }
        await expectRefusal(
            .failedPrecondition, "local authority can't be tainted if there is an upstream authority"
        ) {
            try await service.taintX509Authority(request: .init(), context: .test)
        }
        await expectRefusal(
            .failedPrecondition, "local authority can't be revoked if there is an upstream authority"
        ) {
            try await service.revokeX509Authority(request: .init(), context: .test)
        }

        try upstream.rotate()
        let prepared = try await authorities.prepare(.x509)
        _ = try await authorities.activate(.x509, authorityID: prepared.authorityID)
        await expectRefusal(
            .internalError,
            "failed to revoke X.509 upstream authority: it is not possible to revoke an untainted root CA"
        ) {
            try await revoke(old)
        }
        #expect(try await taint(old.uppercased()).upstreamAuthoritySubjectKeyID == old)
        #expect(try await revoke(old).upstreamAuthoritySubjectKeyID == old)
        #expect(try await server.bundle.x509Authorities == [upstream.root])
    }
}

/// The same authority above, which tells of its bundle but signs nothing.
private struct Mute: UpstreamAuthority {
    let upstream: FakeUpstream

    init(_ upstream: FakeUpstream) {
        self.upstream = upstream
    }

    func mintX509CA(request: [UInt8], ttl: TimeInterval) async throws -> UnverifiedCAChain {
        throw FakeUpstream.Away()
    }

    func publish(_ authority: JWTAuthority, expiresAt: Date) async throws -> BundleRecord? { nil }

    func bundle() async throws -> BundleRecord? { try await upstream.bundle() }
}
