// SPDX-License-Identifier: Apache-2.0

import ComityServer
import ComityStorage
import ComityTesting
import Foundation
import GRPCCore
import SPIFFE
import ServerAPIProtos
import SwiftProtobuf
import Testing

/// What a server does while its database is away. Has a database server of its own to stop.
@Suite(.timeLimit(.minutes(2))) struct DatabaseOutageTests {
    @Test func agentsThatCalledBeforeGetSignaturesAndOthersAreToldWhy() async throws {
        let postgres = try await PostgresServer()
        let database = PostgresSettings(connectionString: postgres.connectionString(try await postgres.makeDatabase()))
        try await ServerFixture.with {
            $0.database = .postgres(database)
        } _: { server in
            let agent = TestAgent()
            let credential = try await agent.attest(try await server.joinToken(), to: server)
            let stranger = try await TestAgent().attest(try await server.joinToken(), to: server)
            let entry = try await create(below: credential.id, at: server)
            let bundle = try await server.bundle()
            // The index follows a moment after; ask until it has.
            while try await !authorizedEntries(as: credential, at: server, trusting: bundle).contains(entry) {}

            try await postgres.stop()
            let csr = try agent.csr()
            let signed = try await server.call(as: credential, trusting: bundle) {
                try await ServerFixture.SVID(wrapping: $0).batchNewX509SVID(
                    .with { $0.params = [.with { ($0.entryID, $0.csr) = (entry, csr) }] })
            }
            #expect(signed.results.map(\.status.code) == [0])
            let refused = await #expect(throws: RPCError.self) {
                _ = try await authorizedEntries(as: stranger, at: server, trusting: bundle)
            }
            #expect(refused?.code == .unavailable)
            #expect(refused?.message.contains("does not serve now") == true)
            let operated = await #expect(throws: RPCError.self) {
                _ = try await server.operate { try await ServerFixture.Entry(wrapping: $0).countEntries(.init()) }
            }
            #expect(operated?.code == .unavailable)

            try await postgres.start()
            _ = try await authorizedEntries(as: stranger, at: server, trusting: bundle)
        }
    }

    private func create(below agent: SPIFFEID, at server: ServerFixture) async throws -> String {
        let answer = try await server.operate {
            try await ServerFixture.Entry(wrapping: $0).batchCreateEntry(
                .with {
                    $0.entries = [
                        .with {
                            $0.spiffeID = .with { ($0.trustDomain, $0.path) = ("example.org", "/web") }
                            $0.parentID = .with { ($0.trustDomain, $0.path) = ("example.org", agent.path) }
                            $0.selectors = [.with { ($0.type, $0.value) = ("unix", "uid:1") }]
                        }
                    ]
                })
        }
        return answer.results[0].entry.id
    }

    private func authorizedEntries(
        as credential: X509Credential, at server: ServerFixture, trusting bundle: SPIFFEBundle
    ) async throws -> [String] {
        try await server.call(as: credential, trusting: bundle) {
            try await ServerFixture.Entry(wrapping: $0).getAuthorizedEntries(.init()).entries.map(\.id)
        }
    }
}
