// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import SPIFFE

/// Decides which partner's bundle is fetched when and what becomes of it.
///
/// The driver reports what happened and performs the actions in order. Partners share nothing: what one of them does or
/// leaves undone changes no other one's next attempt.
package struct BundleClientState: Sendable {
    /// Clocks are set back; an attempt that seems further away than this is due.
    private static let longestWait: TimeInterval = 24 * 3600
    /// How long after a success no other change of the bundle is followed by a poll.
    private static let calm: TimeInterval = 5

    private let ownTrustDomain: TrustDomain
    private let random: @Sendable () -> Double
    private var partners: [TrustDomain: Partner] = [:]
    /// The partners that are this server's to poll; `nil` when all are.
    private var leased: Set<TrustDomain>?
    private var lastAttemptID: UInt64 = 0
    private var shadowed: Set<TrustDomain> = []
    private var hasReportedOwnTrustDomain = false

    /// - Parameter random: from 0 up to 1; spreads retries.
    package init(ownTrustDomain: TrustDomain, random: @escaping @Sendable () -> Double) {
        self.ownTrustDomain = ownTrustDomain
        self.random = random
    }

    // MARK: - What is known

    package var managed: Set<TrustDomain> { Set(partners.keys) }

    /// The trust domains whose bundles matter: of partners and of their endpoints.
    package var trusted: Set<TrustDomain> {
        managed.union(partners.values.compactMap(\.endpointTrustDomain))
    }

    package func status(of trustDomain: TrustDomain) -> FederationStatus? {
        partners[trustDomain]?.status
    }

    package func relationship(with trustDomain: TrustDomain) -> FederationRelationship? {
        partners[trustDomain]?.relationship
    }

    /// When ``tick(at:)`` has something to do; `nil` while every partner is being asked or there is none.
    package var nextAttempt: Date? {
        partners.values.lazy.filter { $0.attempt == nil && isLeased($0.relationship.trustDomain) }.compactMap(
            \.status.nextAttempt
        ).min()
    }

    // MARK: - What happens

    /// Servers share the partners: only these are this one's to poll, or all. One that has become so is polled at once.
    package mutating func leased(_ trustDomains: Set<TrustDomain>?, at now: Date) -> [BundleClientAction] {
        let gained = partners.keys.sorted().filter { !isLeased($0) && trustDomains?.contains($0) ?? true }
        leased = trustDomains
        return gained.flatMap { start($0, at: now) }
    }

    /// The relationships were read anew. A static one wins over a dynamic one.
    package mutating func relationshipsRead(
        static configured: [FederationRelationship], dynamic: [FederationRelationship], at now: Date
    ) -> [BundleClientAction] {
        var wanted: [TrustDomain: FederationRelationship] = [:]
        for relationship in dynamic + configured {
            wanted[relationship.trustDomain] = relationship
        }
        var actions = notesAbout(static: configured, dynamic: dynamic)
        wanted[ownTrustDomain] = nil
        for trustDomain in partners.keys.sorted() where wanted[trustDomain] == nil {
            actions += remove(trustDomain)
        }
        for (_, relationship) in wanted.sorted(by: { $0.key < $1.key }) {
            actions += manage(relationship, at: now)
        }
        return actions
    }

    /// The stored bundle of a trust domain was read; `nil` when there is none.
    ///
    /// A change that did not come from polling, such as `bundle set`, is followed by a poll at once.
    package mutating func bundleRead(
        _ bundle: SPIFFEBundle?, of trustDomain: TrustDomain, at now: Date
    ) -> [BundleClientAction] {
        var actions: [BundleClientAction] = []
        if let partner = partners[trustDomain] {
            partners[trustDomain]?.stored = .known(bundle)
            if shouldPoll(partner, after: bundle) { actions += pollSoon(trustDomain, at: now) }
        }
        guard bundle != nil else { return actions }
        for (name, partner) in partners.sorted(by: { $0.key < $1.key })
        where name != trustDomain && partner.endpointTrustDomain == trustDomain && partner.failedForLackOfTrust {
            actions += startIfLeased(name, at: now)
        }
        return actions
    }

    /// Somebody wants the bundle of the trust domain fetched now; an attempt in flight may be too old and is given up.
    ///
    /// - Returns: `nil` when the trust domain is not managed.
    package mutating func refresh(_ trustDomain: TrustDomain, at now: Date) -> [BundleClientAction]? {
        partners[trustDomain] == nil ? nil : start(trustDomain, at: now)
    }

    /// Time has passed.
    package mutating func tick(at now: Date) -> [BundleClientAction] {
        let due = partners.filter { isDue($0.value, at: now) }.keys.sorted()
        return due.flatMap { start($0, at: now) }
    }

    package mutating func fetched(
        _ result: Result<SPIFFEBundle, FederationFailure>, in attempt: FetchAttempt, at now: Date
    ) -> [BundleClientAction] {
        guard isCurrent(attempt) else { return [] }
        switch result {
        case .success(let bundle):
            partners[attempt.trustDomain]?.status.sequenceNumber = bundle.sequenceNumber
            partners[attempt.trustDomain]?.storing = bundle
            return [.store(attempt, bundle)]
        case .failure(let failure):
            return fail(attempt, failure, at: now)
        }
    }

    /// The fetched bundle was judged and, if accepted, stored.
    package mutating func judged(
        _ bundle: SPIFFEBundle, as acceptance: BundleAcceptance, in attempt: FetchAttempt, at now: Date
    ) -> [BundleClientAction] {
        guard isCurrent(attempt) else {
            if acceptance == .store { partners[attempt.trustDomain]?.hasUnreportedChange = true }
            return []
        }
        switch acceptance {
        case .store, .unchanged:
            return succeed(attempt, bundle, changed: acceptance == .store, at: now)
        case .refuse(let failure):
            return fail(attempt, failure, at: now)
        }
    }

    /// The fetched bundle could not be stored.
    package mutating func storingFailed(
        _ failure: FederationFailure, in attempt: FetchAttempt, at now: Date
    ) -> [BundleClientAction] {
        isCurrent(attempt) ? fail(attempt, failure, at: now) : []
    }

    // MARK: - Steps

    private mutating func notesAbout(
        static configured: [FederationRelationship], dynamic: [FederationRelationship]
    ) -> [BundleClientAction] {
        var notices: [BundleClientNotice] = []
        let both = Set(configured.map(\.trustDomain)).intersection(dynamic.map(\.trustDomain))
        notices += both.subtracting(shadowed).sorted().map { .shadowed($0) }
        shadowed = both
        let hasOwn = (configured + dynamic).contains { $0.trustDomain == ownTrustDomain }
        if hasOwn && !hasReportedOwnTrustDomain { notices.append(.ownTrustDomain(ownTrustDomain)) }
        hasReportedOwnTrustDomain = hasOwn
        return notices.map { .log($0) }
    }

    private mutating func manage(_ relationship: FederationRelationship, at now: Date) -> [BundleClientAction] {
        let trustDomain = relationship.trustDomain
        guard let partner = partners[trustDomain] else {
            partners[trustDomain] = Partner(relationship)
            return [.log(.managed(relationship))] + startIfLeased(trustDomain, at: now)
        }
        guard partner.relationship != relationship else { return [] }
        partners[trustDomain]?.relationship = relationship
        // Another endpoint: what the old one did says nothing about it.
        partners[trustDomain]?.schedule = PollSchedule()
        return [.log(.updated(relationship))] + startIfLeased(trustDomain, at: now)
    }

    private mutating func remove(_ trustDomain: TrustDomain) -> [BundleClientAction] {
        guard let partner = partners.removeValue(forKey: trustDomain) else { return [] }
        let cancellation = partner.attempt.map { [BundleClientAction.cancelFetch($0)] } ?? []
        return [.log(.noLongerManaged(trustDomain))] + cancellation
            + [.log(.noLongerPolling(trustDomain)), .deleteStatus(trustDomain), .finish(trustDomain, .removed)]
    }

    private mutating func startIfLeased(_ trustDomain: TrustDomain, at now: Date) -> [BundleClientAction] {
        isLeased(trustDomain) ? start(trustDomain, at: now) : []
    }

    /// Starts an attempt, giving up one that is in flight.
    private mutating func start(_ trustDomain: TrustDomain, at now: Date) -> [BundleClientAction] {
        guard var partner = partners[trustDomain] else { return [] }
        let cancellation = partner.attempt.map { [BundleClientAction.cancelFetch($0)] } ?? []
        lastAttemptID += 1
        let attempt = FetchAttempt(id: lastAttemptID, relationship: partner.relationship)
        partner.attempt = attempt
        partner.storing = nil
        partner.status.lastAttempt = now
        partners[trustDomain] = partner
        return cancellation + [.log(.polling(trustDomain)), .startFetch(attempt)]
    }

    /// Starts an attempt now, or 5 s after a success that was just before: two servers of a trust domain, or a store that
    /// keeps bundles otherwise than they came, must not make each change be followed by the next.
    private mutating func pollSoon(_ trustDomain: TrustDomain, at now: Date) -> [BundleClientAction] {
        guard let status = partners[trustDomain]?.status, status.lastFailure == nil, let success = status.lastSuccess,
            let next = status.nextAttempt, success <= now, now < success.addingTimeInterval(Self.calm)
        else {
            return startIfLeased(trustDomain, at: now)
        }
        partners[trustDomain]?.status.nextAttempt = min(next, success.addingTimeInterval(Self.calm))
        return []
    }

    private mutating func succeed(
        _ attempt: FetchAttempt, _ bundle: SPIFFEBundle, changed: Bool, at now: Date
    ) -> [BundleClientAction] {
        let trustDomain = attempt.trustDomain
        guard var partner = partners[trustDomain] else { return [] }
        partner.stored = .known(bundle)
        let hasChanged = changed || partner.hasUnreportedChange
        let next = partner.succeeded(with: bundle, at: now)
        if hasChanged { partner.status.lastChange = now }
        partners[trustDomain] = partner
        return [
            .saveStatus(partner.status), .log(.refreshed(trustDomain, changed: hasChanged, next: next)),
            .log(.scheduled(trustDomain, at: next)), .finish(trustDomain, .refreshed),
        ]
    }

    private mutating func fail(
        _ attempt: FetchAttempt, _ failure: FederationFailure, at now: Date
    ) -> [BundleClientAction] {
        let trustDomain = attempt.trustDomain
        guard var partner = partners[trustDomain] else { return [] }
        let next = partner.failed(failure, at: now, random: random())
        partners[trustDomain] = partner
        return [
            .saveStatus(partner.status), .log(.failed(trustDomain, failure)), .log(.scheduled(trustDomain, at: next)),
            .finish(trustDomain, .failed(failure)),
        ]
    }

    // MARK: - Conditions

    private func isLeased(_ trustDomain: TrustDomain) -> Bool {
        leased?.contains(trustDomain) ?? true
    }

    private func isCurrent(_ attempt: FetchAttempt) -> Bool {
        partners[attempt.trustDomain]?.attempt == attempt
    }

    private func isDue(_ partner: Partner, at now: Date) -> Bool {
        guard partner.attempt == nil, isLeased(partner.relationship.trustDomain), let next = partner.status.nextAttempt
        else { return false }
        return next <= now || next > now.addingTimeInterval(Self.longestWait)
    }

    /// - Parameter partner: as it was before the bundle was read.
    private func shouldPoll(_ partner: Partner, after bundle: SPIFFEBundle?) -> Bool {
        guard let bundle, partner.storing?.hasSameContent(as: bundle) != true else { return false }
        switch partner.stored {
        case .known(let old): return old?.hasSameContent(as: bundle) != true
        case .unknown: return partner.attempt == nil && partner.failedForLackOfTrust
        }
    }
}
