// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityTelemetry
import FoundationEssentials
import Logging
import SPIFFE

/// Handles the messages of one run of ``BundleClient``, one after the other: reads what the state needs to know and performs
/// what it decides, except for what takes time, which is handed back.
struct BundleClientSession {
    /// Three times as long as the pause between two claims.
    private static let leaseDuration: TimeInterval = 30

    private let settings: BundleClientSettings
    private let store: any RegistryStore
    private let time: ServerTime
    private let waiters: RefreshWaiters
    private let instruments: Instruments
    private let logger: Logger

    /// Who this server is when it claims partners.
    private let holder: String
    private var state: BundleClientState
    private var unrefreshed = UnrefreshedBundles()
    private var dynamic: [TrustDomain: FederationRelationship] = [:]
    private var fetches: [FetchAttempt: AbandonableWork] = [:]
    /// What was last reported as ignored in a partner's document.
    private var ignored: [TrustDomain: [BundleDocument.IgnoredEntry]] = [:]
    /// When the earliest sleeper wakes.
    private var alarm: Date?
    private var tasks: [BundleClientTask] = []

    init(
        settings: BundleClientSettings, holder: String, store: any RegistryStore, time: ServerTime,
        waiters: RefreshWaiters, instruments: Instruments, logger: Logger
    ) {
        self.holder = holder
        self.settings = settings
        self.store = store
        self.time = time
        self.waiters = waiters
        self.instruments = instruments
        self.logger = logger
        state = BundleClientState(ownTrustDomain: settings.trustDomain, random: settings.random)
    }

    mutating func begin() async -> [BundleClientTask] {
        await reread()
        await checkUnrefreshed()
        return takeTasks()
    }

    mutating func handle(_ message: BundleClientMessage) async -> [BundleClientTask] {
        switch message {
        case .changed(let change): await handle(change)
        case .reread: await reread()
        case .timer: alarm = nil
        case .checkUnrefreshed: await checkUnrefreshed()
        case .refresh(let trustDomain): await refresh(trustDomain)
        case .fetched(let attempt, let result): await handle(result, of: attempt)
        case .judged(let attempt, let bundle, .success(let acceptance)):
            await perform(state.judged(bundle, as: acceptance, in: attempt, at: time.now()))
        case .judged(let attempt, _, .failure(let failure)):
            await perform(state.storingFailed(failure, in: attempt, at: time.now()))
        }
        await perform(state.tick(at: time.now()))
        return takeTasks()
    }

    // MARK: - Messages

    private mutating func handle(_ change: RegistryChange) async {
        switch change {
        case .bundle(let trustDomain): await readBundle(of: trustDomain)
        case .relationship(let trustDomain): await readRelationship(with: trustDomain)
        case .everything:
            await reread()
            for trustDomain in state.trusted.sorted() { await readBundle(of: trustDomain) }
        case .entry, .node: break
        }
    }

    private mutating func handle(
        _ result: Result<BundleDocument, FederationFailure>, of attempt: FetchAttempt
    ) async {
        fetches[attempt] = nil
        if case .success(let document) = result { report(document, of: attempt.trustDomain) }
        await perform(state.fetched(result.map(\.bundle), in: attempt, at: time.now()))
    }

    private mutating func refresh(_ trustDomain: TrustDomain) async {
        await readRelationship(with: trustDomain)
        guard let actions = state.refresh(trustDomain, at: time.now()) else {
            waiters.finish(trustDomain, .removed)
            return
        }
        await perform(actions)
    }

    // MARK: - Reading

    private mutating func reread() async {
        do {
            let page = try await store.listRelationships(page: .all)
            dynamic = Dictionary(page.items.map { ($0.trustDomain, $0) }, uniquingKeysWith: { $1 })
        } catch {
            // What was read before stays in force.
            logger.failure("Failed to reload configs", error)
        }
        await applyRelationships()
    }

    private mutating func readRelationship(with trustDomain: TrustDomain) async {
        do {
            dynamic[trustDomain] = try await store.relationship(with: trustDomain)
        } catch {
            logger.failure("Failed to reload configs", error)
        }
        await applyRelationships()
    }

    private mutating func applyRelationships() async {
        await claim(state.managed.union(dynamic.keys).union(settings.relationships.map(\.trustDomain)))
        let before = state.managed
        let actions = state.relationshipsRead(
            static: settings.relationships, dynamic: Array(dynamic.values), at: time.now())
        await perform(actions)
        for trustDomain in state.managed.subtracting(before).sorted() { await readBundle(of: trustDomain) }
    }

    /// Without an answer what was claimed before stays this server's: others cannot claim it either.
    private mutating func claim(_ trustDomains: Set<TrustDomain>) async {
        do {
            let leased = try await store.claimPolling(of: trustDomains, by: holder, for: Self.leaseDuration)
            await perform(state.leased(leased, at: time.now()))
        } catch {
            logger.failure("Failed to claim partners", error)
        }
    }

    private mutating func readBundle(of trustDomain: TrustDomain) async {
        guard state.trusted.contains(trustDomain) else { return }
        do {
            let bundle = try await store.bundle(of: trustDomain)?.bundle
            await perform(state.bundleRead(bundle, of: trustDomain, at: time.now()))
        } catch {
            logger.failure("Failed to read bundle", error, metadata: [.trustDomain: "\(trustDomain)"])
        }
    }

    private mutating func checkUnrefreshed() async {
        do {
            let bundles = try await store.listBundles(page: .all).items.map(\.bundle)
                .filter { $0.trustDomain != settings.trustDomain }
            for warning in unrefreshed.check(bundles, managed: state.managed, at: time.now()) { logger.log(warning) }
        } catch {
            logger.failure("Failed to read bundles", error)
        }
    }

    // MARK: - Acting

    private mutating func perform(_ actions: [BundleClientAction]) async {
        for action in actions {
            switch action {
            case .startFetch(let attempt):
                let work = AbandonableWork()
                fetches[attempt] = work
                tasks.append(.fetch(attempt, work))
            case .cancelFetch(let attempt): fetches.removeValue(forKey: attempt)?.abandon()
            case .store(let attempt, let bundle):
                tasks.append(.store(attempt, bundle, while: ifDynamic(attempt.relationship)))
            case .saveStatus(let status): await save(status)
            case .deleteStatus(let trustDomain): await deleteStatus(of: trustDomain)
            case .finish(let trustDomain, let outcome): waiters.finish(trustDomain, outcome)
            case .log(let notice):
                logger.log(notice)
                instruments.tell(notice)
            }
        }
    }

    /// A relationship of the configuration file is not in the store.
    private func ifDynamic(_ relationship: FederationRelationship) -> FederationRelationship? {
        settings.relationships.contains { $0.trustDomain == relationship.trustDomain } ? nil : relationship
    }

    private func save(_ status: FederationStatus) async {
        do {
            let relationship = state.relationship(with: status.trustDomain)
            try await store.setFederationStatus(status, while: relationship.flatMap(ifDynamic))
        } catch {
            logger.failure(
                "Failed to save federation status", error, level: .warning,
                metadata: [.trustDomain: "\(status.trustDomain)"])
        }
    }

    private mutating func deleteStatus(of trustDomain: TrustDomain) async {
        ignored[trustDomain] = nil
        do {
            try await store.deleteFederationStatus(of: trustDomain)
        } catch {
            logger.failure(
                "Failed to delete federation status", error, level: .warning,
                metadata: [.trustDomain: "\(trustDomain)"])
        }
    }

    private mutating func report(_ document: BundleDocument, of trustDomain: TrustDomain) {
        guard ignored[trustDomain, default: []] != document.ignoredEntries else { return }
        ignored[trustDomain] = document.ignoredEntries
        guard let first = document.ignoredEntries.first else { return }
        logger.warning(
            "Ignoring entries of federated bundle",
            metadata: [
                "trust_domain": "\(trustDomain)", "count": "\(document.ignoredEntryCount)", "entry": "\(first.index)",
                "reason": "\(first.reason)",
            ])
    }

    /// What has to be done beside, with a sleeper for the next attempt if none wakes in time.
    private mutating func takeTasks() -> [BundleClientTask] {
        if let next = state.nextAttempt, alarm.map({ next < $0 }) ?? true {
            alarm = next
            let wait = max(0, next.timeIntervalSince(time.now()))
            tasks.append(.sleep(.milliseconds(Int64((wait * 1000).rounded(.up)))))
        }
        defer { tasks = [] }
        return tasks
    }
}
