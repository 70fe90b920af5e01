// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import FoundationEssentials
import SPIFFE

/// A federation in simulated time: partners answer as told, the state decides, a dictionary is the store.
struct FederationSimulation {
    /// What an endpoint does when it is asked.
    enum Answer {
        case bundle(SPIFFEBundle, after: TimeInterval)
        case failure(FederationFailure, after: TimeInterval)
        /// Never reports back, not even by a deadline.
        case silence
    }

    private enum Event {
        case fetched(FetchAttempt, Result<SPIFFEBundle, FederationFailure>)
        case stored(TrustDomain)
    }

    var state: BundleClientState
    var now = start
    var answers: [TrustDomain: (Date) -> Answer] = [:]
    private(set) var bundles: [TrustDomain: SPIFFEBundle] = [:]
    private(set) var writes = 0
    private(set) var requests: [(date: Date, attempt: FetchAttempt)] = []
    private(set) var cancelled: [FetchAttempt] = []
    private(set) var notices: [BundleClientNotice] = []
    private(set) var outcomes: [(trustDomain: TrustDomain, outcome: RefreshOutcome)] = []
    private(set) var statuses: [TrustDomain: FederationStatus] = [:]
    private var pending: [(date: Date, order: Int, event: Event)] = []
    private var order = 0

    init(own: String = "alpha.test", random: @escaping @Sendable () -> Double = { 0.5 }) throws {
        state = BundleClientState(ownTrustDomain: try TrustDomain(own), random: random)
    }

    mutating func relate(static configured: [FederationRelationship] = [], dynamic: [FederationRelationship] = []) {
        perform(state.relationshipsRead(static: configured, dynamic: dynamic, at: now))
    }

    /// What `bundle set` does.
    mutating func setBundle(_ bundle: SPIFFEBundle) {
        bundles[bundle.trustDomain] = bundle
        perform(state.bundleRead(bundle, of: bundle.trustDomain, at: now))
    }

    mutating func refresh(_ trustDomain: TrustDomain) -> Bool {
        guard let actions = state.refresh(trustDomain, at: now) else { return false }
        perform(actions)
        return true
    }

    /// Lets time pass, one event after the other.
    mutating func run(for duration: TimeInterval) {
        let end = now.addingTimeInterval(duration)
        while let next = nextDate, next <= end {
            now = max(now, next)
            if let index = pending.indices.min(by: { key(pending[$0]) < key(pending[$1]) }),
                pending[index].date <= now
            {
                handle(pending.remove(at: index).event)
            } else {
                perform(state.tick(at: now))
            }
        }
        now = end
    }

    func requestCount(_ trustDomain: TrustDomain) -> Int {
        requests.count { $0.attempt.trustDomain == trustDomain }
    }

    private var nextDate: Date? {
        [pending.map(\.date).min(), state.nextAttempt].compactMap { $0 }.min()
    }

    private func key(_ item: (date: Date, order: Int, event: Event)) -> (Date, Int) { (item.date, item.order) }

    private mutating func handle(_ event: Event) {
        switch event {
        case .fetched(let attempt, let result): perform(state.fetched(result, in: attempt, at: now))
        case .stored(let trustDomain):
            perform(state.bundleRead(bundles[trustDomain], of: trustDomain, at: now))
        }
    }

    private mutating func perform(_ actions: [BundleClientAction]) {
        for action in actions { perform(action) }
    }

    private mutating func perform(_ action: BundleClientAction) {
        switch action {
        case .startFetch(let attempt):
            requests.append((now, attempt))
            schedule(answers[attempt.trustDomain]?(now) ?? .silence, for: attempt)
        case .cancelFetch(let attempt):
            cancelled.append(attempt)
        case .store(let attempt, let bundle):
            let acceptance = BundleAcceptance(of: bundle, over: bundles[attempt.trustDomain])
            if acceptance == .store {
                bundles[attempt.trustDomain] = bundle
                writes += 1
                add(.stored(attempt.trustDomain), at: now)
            }
            perform(state.judged(bundle, as: acceptance, in: attempt, at: now))
        case .saveStatus(let status): statuses[status.trustDomain] = status
        case .deleteStatus(let trustDomain): statuses[trustDomain] = nil
        case .finish(let trustDomain, let outcome): outcomes.append((trustDomain, outcome))
        case .log(let notice): notices.append(notice)
        }
    }

    private mutating func schedule(_ answer: Answer, for attempt: FetchAttempt) {
        switch answer {
        case .bundle(let bundle, let delay): add(.fetched(attempt, .success(bundle)), at: now.adding(delay))
        case .failure(let failure, let delay): add(.fetched(attempt, .failure(failure)), at: now.adding(delay))
        case .silence: break
        }
    }

    private mutating func add(_ event: Event, at date: Date) {
        order += 1
        pending.append((date, order, event))
    }
}
