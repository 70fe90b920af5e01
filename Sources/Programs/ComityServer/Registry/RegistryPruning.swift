// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
package import ComityTelemetry
import FoundationEssentials
package import Logging
import ServiceLifecycle

/// Takes out of the registry what has ended: entries, join tokens, and agents if that is configured.
package struct RegistryPruning: Service {
    private static let entryInterval = Duration.seconds(300)
    /// Drawn anew each time, so that the servers of one trust domain do not all come at once.
    private static var nodeInterval: Duration { .seconds(3600 + Double.random(in: -900...900)) }
    /// A token that has ended is kept for a while, so that using it is told from a wrong one.
    private static let tokenGrace: TimeInterval = 86400

    private let store: any RegistryStore
    private let nodes: NodePruning?
    private let time: ServerTime
    private let instruments: Instruments
    private let logger: Logger

    package init(
        store: any RegistryStore, nodes: NodePruning?, time: ServerTime = .system, instruments: Instruments = .none,
        logger: Logger
    ) {
        self.store = store
        self.nodes = nodes
        self.time = time
        self.instruments = instruments
        self.logger = logger
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask { await self.time.repeating(every: Self.entryInterval) { await self.pruneEntries() } }
                group.addTask {
                    await self.time.repeating(every: Self.nodeInterval) {
                        await self.pruneNodes()
                        await self.pruneTokens()
                    }
                }
            }
        }
    }

    package func pruneEntries() async {
        do {
            let pruned = try await instruments.measure(.entryPrune) {
                try await store.pruneEntries(expiredBefore: time.now())
            }
            for entry in pruned {
                logger.info(
                    "Pruned an expired registration",
                    metadata: [
                        "spiffe_id": "\(entry.spiffeID)", "parent_id": "\(entry.parentID)",
                        "registration_id": "\(entry.id)",
                    ])
            }
        } catch {
            logger.failure("Failed pruning registration entries", error)
        }
    }

    package func pruneNodes() async {
        guard let nodes else { return }
        var filter = NodeFilter()
        filter.expiresBefore = time.now() - nodes.expiredFor
        filter.isBanned = false
        if !nodes.includesNonReattestable { filter.canReattest = true }
        do {
            let expired = try await store.listNodes(filter, page: PageRequest(size: nodes.batchSize))
            for node in expired.items {
                _ = try await store.deleteNode(id: node.id)
                logger.info("Pruned an expired node", metadata: ["agent_id": "\(node.id)"])
            }
        } catch {
            logger.failure("Failed pruning expired nodes", error)
        }
    }

    private func pruneTokens() async {
        do {
            _ = try await store.pruneJoinTokens(expiredBefore: time.now() - Self.tokenGrace)
        } catch {
            logger.failure("Failed pruning join tokens", error)
        }
    }
}
