// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import GRPCCore
import SPIFFE
import SPIFFEWorkloadAPI
import Testing
import WorkloadAPIProtos

@Suite(.timeLimit(.minutes(1))) struct JWTSourceTests {
    private let trustDomain: TrustDomain
    private let keys: [TestJWTKey]

    init() throws {
        trustDomain = try TrustDomain("example.org")
        keys = try ["k1", "k2"].map { try TestJWTKey(keyID: $0) }
    }

    private func token(by key: TestJWTKey) throws -> String {
        try key.token(claims: ["sub": "spiffe://example.org/a", "aud": ["db"], "exp": 4_000_000_000])
    }

    private func bundle(_ keys: TestJWTKey...) -> Workload_JWTBundlesResponse {
        .of(SPIFFEBundle(trustDomain: trustDomain, jwtAuthorities: keys.map(\.authority)))
    }

    private func withSource(_ body: (FakeWorkloadAPI, JWTSource) async throws -> Void) async throws {
        try await FakeWorkloadAPI().serving { agent in
            let source = JWTSource(client: try agent.client)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await source.run() }
                defer { group.cancelAll() }
                try await body(agent, source)
            }
        }
    }

    @Test("WAPI-41, WAPI-12: verifies by the keys of the moment")
    func verifiesByPresentKeys() async throws {
        try await withSource { agent, source in
            agent.jwtBundles.send(bundle(keys[0]))
            try await source.ready()
            var updates = source.updates.makeAsyncIterator()
            _ = try await updates.next()
            let (old, new) = (try token(by: keys[0]), try token(by: keys[1]))
            #expect(try source.verify(token: old, audience: ["db"], at: TestTime.now).id.path == "/a")
            #expect(throws: SPIFFEError(.invalidJWTSVID, "")) {
                try source.verify(token: new, audience: ["db"], at: TestTime.now)
            }
            agent.jwtBundles.send(bundle(keys[1]))
            _ = try await updates.next()
            #expect(try source.verify(token: new, audience: ["db"], at: TestTime.now).keyID == "k2")
            #expect(throws: SPIFFEError(.invalidJWTSVID, "")) {
                try source.verify(token: old, audience: ["db"], at: TestTime.now)
            }
        }
    }

    @Test("WAPI-34: its bundles are no source of X.509 authorities")
    func hasNoX509Authorities() async throws {
        try await withSource { agent, source in
            agent.jwtBundles.send(bundle(keys[0]))
            try await source.ready()
            #expect(source.bundles[trustDomain]?.x509Authorities == [])
            #expect(source.bundles[trustDomain]?.jwtAuthorities.map(\.keyID) == ["k1"])
        }
    }

    @Test func fetchesTokensOverItsConnection() async throws {
        try await withSource { agent, source in
            agent.jwtBundles.send(bundle(keys[0]))
            try await source.ready()
            var answer = Workload_JWTSVIDResponse()
            answer.svids = [.of("spiffe://example.org/a", token: try token(by: keys[0]))]
            agent.jwt.send(answer)
            let credential = try await source.fetch(audience: ["db"])
            #expect(credential.id.path == "/a")
            #expect(credential.audience == ["db"])
            #expect(!"\(credential)".contains(credential.token))
            agent.jwt.refuse(.permissionDenied, "no identity issued")
            await #expect(throws: WorkloadAPIError(.permissionDenied, "")) { try await source.fetch(audience: ["db"]) }
        }
    }

    @Test func fetchesTokensBeforeItRuns() async throws {
        try await FakeWorkloadAPI().serving { agent in
            var answer = Workload_JWTSVIDResponse()
            answer.svids = [.of("spiffe://example.org/a", token: try token(by: keys[0]))]
            agent.jwt.send(answer)
            #expect(try await JWTSource(client: agent.client).fetch(audience: ["db"]).id.path == "/a")
        }
    }
}
