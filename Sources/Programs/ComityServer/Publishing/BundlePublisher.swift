// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
package import ComityTelemetry
import FoundationEssentials
package import Logging
package import SPIFFE
import ServiceLifecycle
import Synchronization

/// Keeps a place outside in step with the own bundle: at start, with each change, and every half minute in case somebody
/// else changed it.
package final class BundlePublisher: Service {
    private static let interval = Duration.seconds(30)

    private let target: any BundleTarget
    private let trustDomain: TrustDomain
    private let store: any RegistryStore
    private let time: ServerTime
    private let instruments: Instruments
    private let logger: Logger
    private let changes: AsyncStream<RegistryChange>
    private let onPublished: @Sendable () async -> Void
    private let turns = Turns()
    private let lastFailure = Mutex<String?>(nil)

    /// - Parameter onPublished: Told each time the bundle was written.
    package init(
        _ target: any BundleTarget, trustDomain: TrustDomain, store: any RegistryStore, time: ServerTime = .system,
        instruments: Instruments = .none, logger: Logger, onPublished: @escaping @Sendable () async -> Void = {}
    ) {
        self.target = target
        self.trustDomain = trustDomain
        self.store = store
        self.time = time
        self.instruments = instruments
        var logger = logger
        logger[metadataKey: "plugin_name"] = "\(target.pluginName)"
        logger[metadataKey: "plugin_type"] = "\(target.pluginType)"
        for (key, value) in target.place { logger[metadataKey: key] = value }
        self.logger = logger
        self.onPublished = onPublished
        changes = store.changes()
    }

    /// Why the bundle could not be written the last time; `nil` when it could.
    package var failure: String? { lastFailure.withLock { $0 } }

    package func run() async throws {
        await cancelWhenGracefulShutdown { [self] in
            await publish()
            await withDiscardingTaskGroup { group in
                group.addTask { await self.time.repeating(every: Self.interval) { await self.publish() } }
                group.addTask { await self.follow() }
            }
        }
    }

    private func follow() async {
        for await change in changes {
            switch change {
            case .bundle(trustDomain), .everything: await publish()
            default: break
            }
        }
    }

    /// Writes the bundle unless it is there already.
    package func publish() async {
        await turns.take {
            do {
                guard let bundle = try await store.bundle(of: trustDomain)?.bundle else { return }
                let isNew = try await instruments.measure(.bundlePublish, [.plugin: target.pluginName]) {
                    try await target.publish(bundle)
                }
                lastFailure.withLock { $0 = nil }
                guard isNew else { return }
                logger.debug("Bundle published")
                await onPublished()
            } catch {
                guard !Task.isCancelled else { return }
                lastFailure.withLock { $0 = "\(target.pluginName): \(error)" }
                logger.error("Failed to publish bundle", metadata: ["error": "\(error)"])
            }
        }
    }
}
