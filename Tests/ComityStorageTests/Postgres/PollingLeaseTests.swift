// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityStorage
import ComityTesting
import SPIFFE
import Testing

@Suite struct PollingLeaseTests {
    private let beta: TrustDomain
    private let gamma: TrustDomain

    init() throws {
        beta = try TrustDomain("beta.test")
        gamma = try TrustDomain("gamma.test")
    }

    @Test func ofManyServersOnePollsAPartner() async throws {
        let fixture = try await PostgresFixture()
        let stores = [try await fixture.open(), try await fixture.open()]
        let held = try await withThrowingTaskGroup(of: Set<TrustDomain>?.self) { group in
            for number in 0..<6 {
                group.addTask { try await stores[number % 2].claimPolling(of: [beta], by: "\(number)", for: 30) }
            }
            return try await group.reduce(into: [Set<TrustDomain>?]()) { $0.append($1) }
        }
        #expect(held.count { $0 == [beta] } == 1)
        #expect(held.count { $0 == [] } == 5)
    }

    @Test func anotherTakesOverWhatWasGivenUpOrHasEnded() async throws {
        let fixture = try await PostgresFixture()
        let store = try await fixture.open()
        #expect(try await store.claimPolling(of: [beta, gamma], by: "a", for: 30) == [beta, gamma])
        #expect(try await store.claimPolling(of: [beta, gamma], by: "b", for: 30) == [])
        try await fixture.run("UPDATE polling_leases SET expires_at = 0 WHERE trust_domain = 'beta.test'")
        #expect(try await store.claimPolling(of: [beta, gamma], by: "b", for: 30) == [beta])
        try await store.releasePolling(by: "a")
        #expect(try await store.claimPolling(of: [beta, gamma], by: "b", for: 30) == [beta, gamma])
        #expect(try await store.claimPolling(of: [beta, gamma], by: "a", for: 30) == [])
    }

    @Test func nothingIsClaimedWhereNoOtherServerCanBe() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLStore(path: folder.path("registry.db"), trustDomain: TrustDomain("example.org"))
        #expect(try await store.claimPolling(of: [beta], by: "a", for: 30) == nil)
        try await store.releasePolling(by: "a")
    }
}
