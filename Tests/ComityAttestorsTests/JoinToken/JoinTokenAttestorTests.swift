// SPDX-License-Identifier: Apache-2.0

import ComityAttestation
import ComityAttestors
import ComityRegistry
import ComityStorage
import ComityTesting
import Foundation
import SPIFFE
import Testing

@Suite struct JoinTokenAttestorTests {
    private static let unknown = "failed to attest: join token does not exist or has already been used"

    private let folder: TemporaryFolder
    private let store: SQLStore
    private let server: JoinTokenServerAttestor

    init() throws {
        folder = try TemporaryFolder()
        let trustDomain = try TrustDomain("alpha.test")
        store = try SQLStore(path: folder.path("store.sqlite3"), trustDomain: trustDomain)
        server = JoinTokenServerAttestor(trustDomain: trustDomain, store: store) { TestTime.now }
    }

    @Test func tokenNamesTheAgentOnce() async throws {
        try await store.createJoinToken(JoinToken(value: "one", expiresAt: TestTime.now))

        let proven = try await attest("one")
        let second = await #expect(throws: AttestationError.self) { try await attest("one") }

        #expect(proven.agentID.uri == "spiffe://alpha.test/spire/agent/join_token/one")
        #expect(proven.selectors.isEmpty)
        #expect(!proven.canReattest)
        #expect(second == AttestationError(.invalidArgument, ""))
        #expect(second?.message == Self.unknown)
    }

    @Test func ofManyAtTheSameInstantOneComesIn() async throws {
        try await store.createJoinToken(JoinToken(value: "one", expiresAt: TestTime.now))

        let successes = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<20 { group.addTask { (try? await attest("one")) != nil } }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }

        #expect(successes == 1)
    }

    @Test func expiredTokenIsRefusedAndGone() async throws {
        try await store.createJoinToken(
            JoinToken(value: "old", expiresAt: TestTime.now.addingTimeInterval(-1)))

        let first = await #expect(throws: AttestationError.self) { try await attest("old") }
        let second = await #expect(throws: AttestationError.self) { try await attest("old") }

        #expect(first?.message == "join token expired")
        #expect(second?.message == Self.unknown)
    }

    @Test(arguments: ["", "unknown", "a/../b", "a b", "\0", String(repeating: "a", count: 3000)])
    func whatWasNeverGivenOutIsUnknown(token: String) async throws {
        let error = await #expect(throws: AttestationError.self) { try await attest(token) }

        #expect(error?.message == Self.unknown)
    }

    @Test func refusesBytesThatAreNoText() async throws {
        await #expect(throws: AttestationError(.invalidArgument, "")) {
            try await server.attest(NodeClaim(payload: [0xFF, 0xFE])) { $0 }
        }
    }

    @Test func agentSendsTheTokenAndExpectsNoChallenge() async throws {
        let agent = JoinTokenAgentAttestor(token: "one")

        try await agent.attest { message in
            #expect(message == Array("one".utf8))
            return nil
        }
        await #expect(throws: AttestationError(.internalError, "")) { try await agent.attest { _ in [1] } }
    }

    private func attest(_ token: String) async throws -> NodeAttestation {
        try await server.attest(NodeClaim(payload: Array(token.utf8))) { _ in
            Issue.record("a join token has no challenge")
            return []
        }
    }
}
