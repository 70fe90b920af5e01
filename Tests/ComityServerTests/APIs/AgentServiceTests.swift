// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRPCCore
import SPIFFE
import ServerAPIProtos
import SwiftProtobuf
import Testing

@Suite struct AgentServiceTests {
    @Test func listsCountsAndShowsAgents() async throws {
        try await ServerFixture.with { server in
            let credential = try await TestAgent().attest(try await server.joinToken("one"), to: server)
            _ = try await TestAgent().attest(try await server.joinToken("two"), to: server)
            try await server.operate { client in
                let agents = ServerFixture.Agent(wrapping: client)
                let count = try await agents.countAgents(.init()).count
                #expect(count == 2)
                let all = try await agents.listAgents(.init()).agents
                #expect(all.map(\.id.path) == ["one", "two"].map { "/spire/agent/join_token/\($0)" })
                let one = try await agents.getAgent(.with { $0.id = all[0].id })
                #expect(one == all[0])
                #expect(one.attestationType == "join_token" && !one.banned && !one.canReattest)
                #expect(one.x509SvidExpiresAt == Int64(credential.expiresAt.timeIntervalSince1970))
                let masked = try await agents.listAgents(.with { $0.outputMask.banned = true }).agents
                #expect(masked.allSatisfy { $0.hasID && $0.attestationType.isEmpty && $0.x509SvidSerialNumber.isEmpty })
                let banned = try await agents.countAgents(.with { $0.filter.byBanned = .init(true) })
                #expect(banned.count == 0)
            }
        }
    }

    @Test(arguments: [
        (
            "/web", RPCError.Code.invalidArgument,
            """
            invalid agent ID: "spiffe://example.org/web" is not an agent in trust domain "example.org"; path is not in the \
            agent namespace
            """
        ),
        ("/spire/agent/x", .notFound, "agent not found"),
    ])
    func namesWhatIsWrongWithAnID(path: String, code: RPCError.Code, message: String) async throws {
        try await ServerFixture.with { server in
            try await server.operate { client in
                let agents = ServerFixture.Agent(wrapping: client)
                let id = Spire_Api_Types_SPIFFEID.with {
                    $0.trustDomain = "example.org"
                    $0.path = path
                }
                let errors = [
                    await #expect(throws: RPCError.self) { _ = try await agents.getAgent(.with { $0.id = id }) },
                    await #expect(throws: RPCError.self) { _ = try await agents.banAgent(.with { $0.id = id }) },
                    await #expect(throws: RPCError.self) { _ = try await agents.deleteAgent(.with { $0.id = id }) },
                ]
                #expect(errors.allSatisfy { $0?.code == code && $0?.message == message })
            }
        }
    }

    @Test func anAliasGivesTheTokensAgentItsEntries() async throws {
        let alias = try SPIFFEID("spiffe://example.org/node/one")
        try await ServerFixture.with { server in
            let token = try await server.joinToken(alias: alias)
            let credential = try await TestAgent().attest(token, to: server)
            let created = try await server.operate { client in
                try await ServerFixture.Entry(wrapping: client).batchCreateEntry(
                    .with {
                        $0.entries = [
                            .with {
                                $0.spiffeID.trustDomain = "example.org"
                                $0.spiffeID.path = "/web"
                                $0.parentID.trustDomain = "example.org"
                                $0.parentID.path = alias.path
                                $0.selectors = [
                                    .with {
                                        $0.type = "unix"
                                        $0.value = "uid:0"
                                    }
                                ]
                            }
                        ]
                    })
            }
            #expect(created.results.map(\.status.code) == [0])
            // The index follows a moment after; ask until it has.
            var paths: Set<String> = []
            while !paths.contains("/web") {
                let entries = try await server.call(as: credential) {
                    try await ServerFixture.Entry(wrapping: $0).getAuthorizedEntries(.init()).entries
                }
                paths = Set(entries.map(\.spiffeID.path))
            }
            #expect(paths == ["/web", alias.path])
        }
    }

    @Test(arguments: [
        (Int32(0), "", "", "ttl is required, you must provide one"),
        (60, "a b", "", "invalid join token: path segment characters are limited to"),
        (
            60, "", "/spire/agent/x",
            """
            invalid agent ID: "spiffe://example.org/spire/agent/x" is not a workload in trust domain "example.org"; path is \
            in the reserved namespace
            """
        ),
    ])
    func refusesATokenThatCouldNotWork(ttl: Int32, token: String, alias: String, message: String) async throws {
        try await ServerFixture.with { server in
            let error = await #expect(throws: RPCError.self) {
                let id = alias.isEmpty ? nil : try SPIFFEID("spiffe://example.org\(alias)")
                return try await server.joinToken(ttl: ttl, token, alias: id)
            }
            #expect(error?.code == .invalidArgument)
            #expect(error?.message.hasPrefix(message) == true)
        }
    }

    @Test func refusesATokenThatExists() async throws {
        try await ServerFixture.with { server in
            _ = try await server.joinToken("twice")
            let error = await #expect(throws: RPCError.self) { try await server.joinToken("twice") }
            #expect(error?.code == .internalError)
            #expect(error?.message.hasPrefix("failed to create token") == true)
        }
    }
}
