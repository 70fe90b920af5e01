// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
package import ComityTelemetry
import FoundationEssentials
package import Logging
package import SPIFFE
import ServiceLifecycle

/// Keeps the bundles of all partners fresh: drives ``BundleClientState`` with the store and the endpoints.
package final class BundleClient: Service, BundleRefresher {
    /// How soon a change by another server of the trust domain is seen, as in SPIRE.
    private static let rereadInterval: Duration = .seconds(10)
    private static let unrefreshedInterval: Duration = .seconds(600)

    private let settings: BundleClientSettings
    private let store: any RegistryStore
    private let fetcher: any BundleFetcher
    private let time: ServerTime
    private let instruments: Instruments
    private let logger: Logger
    private let holder = UUID().uuidString.lowercased()
    private let waiters = RefreshWaiters()
    private let messages: AsyncStream<BundleClientMessage>
    private let mailbox: AsyncStream<BundleClientMessage>.Continuation

    package init(
        settings: BundleClientSettings, store: any RegistryStore, fetcher: any BundleFetcher,
        time: ServerTime = .system, instruments: Instruments = .none, logger: Logger
    ) {
        var logger = logger
        logger[metadataKey: "subsystem_name"] = "bundle_client"
        self.settings = settings
        self.store = store
        self.fetcher = fetcher
        self.time = time
        self.instruments = instruments
        self.logger = logger
        (messages, mailbox) = AsyncStream.makeStream()
    }

    /// Polls until cancelled or shut down. May be called once.
    package func run() async throws {
        await cancelWhenGracefulShutdown { [self] in
            // Subscribed before the first reading, so that no change falls between.
            let changes = store.changes()
            await withDiscardingTaskGroup { group in
                group.addTask { [mailbox] in
                    for await change in changes { mailbox.yield(.changed(change)) }
                }
                group.addTask { [self] in
                    await time.repeating(every: Self.rereadInterval) { mailbox.yield(.reread) }
                }
                group.addTask { [self] in
                    await time.repeating(every: Self.unrefreshedInterval) { mailbox.yield(.checkUnrefreshed) }
                }
                await handleMessages(&group)
                group.cancelAll()
            }
        }
        waiters.close()
        // When this fails the others wait for the end of the lease.
        try? await store.releasePolling(by: holder)
        logger.info("Shutting down")
    }

    package func refreshBundle(of trustDomain: TrustDomain) async throws {
        try await waiters.wait(for: trustDomain) { mailbox.yield(.refresh(trustDomain)) }
    }

    private func handleMessages(_ group: inout DiscardingTaskGroup) async {
        var session = BundleClientSession(
            settings: settings, holder: holder, store: store, time: time, waiters: waiters,
            instruments: instruments, logger: logger)
        await perform(session.begin(), &group)
        for await message in messages {
            await perform(session.handle(message), &group)
        }
    }

    /// Starts what takes time as children of ``run()``; each reports back by a message.
    private func perform(_ tasks: [BundleClientTask], _ group: inout DiscardingTaskGroup) async {
        for task in tasks {
            group.addTask { [self] in
                switch task {
                case .fetch(let attempt, let work):
                    let steps = steps(of: attempt)
                    let instruments = instruments
                    let result = await work.perform {
                        await instruments.fetching(attempt.trustDomain) { await steps.fetch() }
                    }
                    guard let result else { return }
                    mailbox.yield(.fetched(attempt, result))
                case .store(let attempt, let bundle, let dynamic):
                    let steps = steps(of: attempt)
                    guard let result = await steps.store(bundle, while: dynamic) else { return }
                    mailbox.yield(.judged(attempt, bundle, result))
                case .sleep(let duration):
                    // Cancelled only with everything else.
                    try? await time.sleep(duration)
                    mailbox.yield(.timer)
                }
            }
        }
    }

    private func steps(of attempt: FetchAttempt) -> BundleAttempt {
        BundleAttempt(
            attempt: attempt, store: store, fetcher: fetcher,
            ownership: AuthorityOwnership(
                own: settings.trustDomain, domainsWithSharedRoots: settings.domainsWithSharedRoots))
    }
}
