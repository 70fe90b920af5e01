// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
import FoundationEssentials
package import Logging
package import SPIFFE
import ServiceLifecycle

/// Keeps a file in step with the own bundle: at start, with each change, and every half minute in case somebody else
/// changed it.
package final class BundleFilePublisher: Service {
    private static let interval = Duration.seconds(30)

    private let settings: BundleFileSettings
    private let trustDomain: TrustDomain
    private let store: any RegistryStore
    private let time: ServerTime
    private let logger: Logger
    private let changes: AsyncStream<RegistryChange>
    private let onPublished: @Sendable () async -> Void
    private let turns = Turns()

    /// - Parameter onPublished: Told each time the file was written.
    package init(
        _ settings: BundleFileSettings, trustDomain: TrustDomain, store: any RegistryStore, time: ServerTime = .system,
        logger: Logger, onPublished: @escaping @Sendable () async -> Void = {}
    ) {
        self.settings = settings
        self.trustDomain = trustDomain
        self.store = store
        self.time = time
        var logger = logger
        logger[metadataKey: "plugin_name"] = "file"
        logger[metadataKey: "plugin_type"] = "BundlePublisher"
        self.logger = logger
        self.onPublished = onPublished
        changes = store.changes()
    }

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

    /// Writes the file unless it is as it should be.
    package func publish() async {
        await turns.take {
            do {
                guard let bundle = try await store.bundle(of: trustDomain)?.bundle else { return }
                let content = content(of: bundle)
                let file = PublicFile(path: settings.path)
                guard file.content != content else { return }
                try file.write(content)
                logger.debug("Bundle published", metadata: ["path": "\(settings.path)"])
                await onPublished()
            } catch {
                guard !Task.isCancelled else { return }
                logger.error("Failed to publish bundle", metadata: ["error": "\(error)"])
            }
        }
    }

    private func content(of bundle: SPIFFEBundle) -> [UInt8] {
        switch settings.format {
        case .spiffe:
            var bundle = bundle
            bundle.refreshHint = settings.refreshHint ?? bundle.refreshHint
            return bundle.document() + [UInt8(ascii: "\n")]
        case .jwks: return bundle.jwtKeySet() + [UInt8(ascii: "\n")]
        case .pem: return Array(bundle.pem.utf8)
        }
    }
}
