// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
package import ComityTelemetry
import FoundationEssentials
package import Logging
package import SPIFFE
import ServiceLifecycle
import Synchronization

/// The entry index, kept in step with the store.
///
/// Load it before serving; then run it. A change is in the index a moment after its transaction.
package final class LiveEntryIndex: Service {
    private static let retryPause = Duration.seconds(1)

    private let store: any RegistryStore
    private let trustDomain: TrustDomain
    private let instruments: Instruments
    private let logger: Logger
    private let changes: AsyncStream<RegistryChange>
    private let index: Mutex<EntryIndex>

    package init(
        store: any RegistryStore, trustDomain: TrustDomain, instruments: Instruments = .none, logger: Logger
    ) {
        self.store = store
        self.trustDomain = trustDomain
        self.instruments = instruments
        self.logger = logger
        // From before the first load, so that nothing falls between.
        changes = store.changes()
        index = Mutex(EntryIndex(trustDomain: trustDomain))
    }

    /// Asks the index something. The lock is held meanwhile: answer with values, do not wait.
    package func withIndex<Answer: Sendable>(_ body: (EntryIndex) -> Answer) -> Answer {
        index.withLock { body($0) }
    }

    /// Reads everything anew.
    package func load() async throws {
        try await instruments.measure(.entryCacheReload) { try await reload() }
    }

    /// How many there are of each in memory.
    package var readings: [MetricReading] {
        withIndex {
            [
                MetricReading(.cachedEntries, Double($0.entryCount)),
                MetricReading(.cachedAgents, Double($0.nodeCount)),
            ]
        }
    }

    private func reload() async throws {
        var fresh = EntryIndex(trustDomain: trustDomain)
        for entry in try await store.listEntries(EntryFilter(), page: .all).items {
            fresh.setEntry(entry)
        }
        for node in try await store.listNodes(NodeFilter(), page: .all).items {
            fresh.setNode(id: node.id, selectors: node.selectors)
        }
        let loaded = fresh
        index.withLock { $0 = loaded }
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            for await change in self.changes {
                await self.apply(change)
            }
        }
    }

    /// Repeats until the store answers: a change that is not applied would stay wrong until the next one.
    private func apply(_ change: RegistryChange) async {
        while !Task.isCancelled {
            do {
                return try await follow(change)
            } catch {
                logger.failure("Failed to follow a registry change", error)
                try? await Task.sleep(for: Self.retryPause)
            }
        }
    }

    private func follow(_ change: RegistryChange) async throws {
        switch change {
        case .entry(let id):
            let entry = try await store.entry(id: id)
            index.withLock { index in
                if let entry { index.setEntry(entry) } else { index.removeEntry(id: id) }
            }
        case .node(let id):
            let node = try await store.node(id: id)
            index.withLock { index in
                if let node { index.setNode(id: id, selectors: node.selectors) } else { index.removeNode(id: id) }
            }
        case .everything:
            try await load()
        case .bundle, .relationship:
            break
        }
    }
}
