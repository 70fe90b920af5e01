// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
import ComityTelemetry
package import Logging
package import SPIFFE
import ServiceLifecycle
import Synchronization

/// The bundles that client certificates are verified by and that the bundle endpoint serves, kept in step with the store.
///
/// Load it before serving; then run it. Only the own trust domain and those of foreign administrators are in it: an
/// identity of any other trust domain has nothing to ask of this server.
package final class LiveBundles: Service {
    private static let retryPause = Duration.seconds(1)

    private let trustDomains: Set<TrustDomain>
    private let store: any RegistryStore
    private let logger: Logger
    private let changes: AsyncStream<RegistryChange>
    private let bundles = Mutex(BundleSet())

    package init(trustDomains: Set<TrustDomain>, store: any RegistryStore, logger: Logger) {
        self.trustDomains = trustDomains
        self.store = store
        self.logger = logger
        // From before the first load, so that nothing falls between.
        changes = store.changes()
    }

    package var current: BundleSet {
        bundles.withLock { $0 }
    }

    /// Reads all of them anew.
    package func load() async throws {
        for trustDomain in trustDomains {
            try await load(trustDomain)
        }
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            for await change in self.changes {
                await self.apply(change)
            }
        }
    }

    private func load(_ trustDomain: TrustDomain) async throws {
        let bundle = try await store.bundle(of: trustDomain)?.bundle
        bundles.withLock { $0[trustDomain] = bundle }
    }

    /// Repeats until the store answers: an authority that was withdrawn must not stay trusted.
    private func apply(_ change: RegistryChange) async {
        while !Task.isCancelled {
            do {
                switch change {
                case .bundle(let trustDomain) where trustDomains.contains(trustDomain): try await load(trustDomain)
                case .everything: try await load()
                default: break
                }
                return
            } catch {
                logger.failure("Failed to follow a bundle change", error)
                try? await Task.sleep(for: Self.retryPause)
            }
        }
    }
}
