// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityServer
import ComityStorage
import ComityTesting
import Foundation
import SPIFFE
import Testing

/// Servers of one trust domain and their partners.
@Suite(.timeLimit(.minutes(2))) struct SharedPollingTests {
    @Test func aServerTakesOverThePartnersOfOneThatDied() async throws {
        let server = try await PostgresServer.shared
        let database = try await server.makeDatabase()
        let (alpha, beta) = (try TrustDomain("alpha.test"), try TrustDomain("beta.test"))
        let store = try await SQLStore(
            postgres: PostgresSettings(connectionString: server.connectionString(database)), trustDomain: alpha,
            logger: RecordedLog().logger())
        try await store.createRelationship(
            FederationRelationship(trustDomain: beta, bundleEndpointURL: "https://beta.test", profile: .httpsWeb),
            bundle: nil)
        #expect(try await store.claimPolling(of: [beta], by: "dead", for: 3600) == [beta])
        let fetcher = ScriptedFetcher()
        // Hours pass in seconds.
        let time = ServerTime(now: { Date() }, sleep: { try await Task.sleep(for: $0 / 500) })
        let client = BundleClient(
            settings: BundleClientSettings(trustDomain: alpha), store: store, fetcher: fetcher, time: time,
            logger: RecordedLog().logger())
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await client.run() }
            let expiry = try await server.run("SELECT expires_at FROM polling_leases", in: database)
            #expect(fetcher.calls.isEmpty && !expiry.isEmpty)
            try await server.run("UPDATE polling_leases SET expires_at = 0", in: database)
            for await _ in fetcher.events { break }
            #expect(fetcher.calls.map(\.trustDomain) == [beta])
            group.cancelAll()
        }
        // What it had is free again for the next one.
        #expect(try await store.claimPolling(of: [beta], by: "next", for: 30) == [beta])
    }
}
