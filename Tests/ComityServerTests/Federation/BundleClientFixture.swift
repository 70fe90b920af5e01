// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityServer
import ComityStorage
import ComityTesting
import Logging
import SPIFFE

/// A bundle client of `alpha.test` on a store of its own.
struct BundleClientFixture: Sendable {
    let folder: TemporaryFolder
    let store: SQLStore
    let fetcher = ScriptedFetcher()
    let log = RecordedLog()
    let alpha: TrustDomain
    let beta: TrustDomain
    let gamma: TrustDomain

    init() throws {
        folder = try TemporaryFolder()
        alpha = try TrustDomain("alpha.test")
        beta = try TrustDomain("beta.test")
        gamma = try TrustDomain("gamma.test")
        store = try SQLStore(path: folder.path("registry.sqlite3"), trustDomain: alpha)
    }

    func relationship(_ trustDomain: TrustDomain, url: String = "https://partner.test") -> FederationRelationship {
        FederationRelationship(trustDomain: trustDomain, bundleEndpointURL: url, profile: .httpsWeb)
    }

    /// Runs a client while the body runs.
    func run(
        static configured: [FederationRelationship] = [], fetcher: (any BundleFetcher)? = nil,
        _ body: (BundleClient) async throws -> Void
    ) async throws {
        let client = BundleClient(
            settings: BundleClientSettings(trustDomain: alpha, relationships: configured), store: store,
            fetcher: fetcher ?? self.fetcher, logger: log.logger())
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await client.run() }
            try await body(client)
            group.cancelAll()
        }
    }

    /// Waits until something that the fetcher tells of holds.
    func waitForFetcher(_ condition: (ScriptedFetcher) -> Bool) async {
        if condition(fetcher) { return }
        for await _ in fetcher.events where condition(fetcher) { return }
    }

    /// Waits until something that the store tells of holds.
    func waitForStore(_ condition: () async throws -> Bool) async throws {
        let changes = store.changes()
        if try await condition() { return }
        for await _ in changes where try await condition() { return }
    }

    func status(of trustDomain: TrustDomain) async throws -> FederationStatus? {
        try await store.federationStatuses().first { $0.trustDomain == trustDomain }
    }

    func storedBundle(of trustDomain: TrustDomain) async throws -> SPIFFEBundle? {
        try await store.bundle(of: trustDomain)?.bundle
    }
}
