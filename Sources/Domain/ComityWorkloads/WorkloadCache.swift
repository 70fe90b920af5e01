// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
package import FoundationEssentials
package import SPIFFE

/// What an agent knows, and which workload is told what when something changes.
///
/// Workloads with the same selectors form one audience, so that thousands of streams of one program cost one look-up.
package struct WorkloadCache: Sendable {
    package typealias SubscriberID = Int

    /// What a subscriber wants to be kept fresh.
    package enum Interest: Hashable, Sendable {
        case svids, bundles
    }

    /// A new state and who is to have it.
    package struct Delivery: Hashable, Sendable {
        package var subscribers: Set<SubscriberID>
        package var update: WorkloadUpdate
    }

    private struct Audience: Sendable {
        var subscribers: [SubscriberID: Interest] = [:]
        var update: WorkloadUpdate
        var wantsSVIDs: Bool { subscribers.values.contains(.svids) }
        var entryIDs: [String] { update.identities.map(\.entry.id) }
    }

    package private(set) var bundle: SPIFFEBundle
    package private(set) var bundles = BundleSet()
    private var matcher = EntryMatcher()
    private var shelf: SVIDShelf
    private var audiences: [Set<Selector>: Audience] = [:]
    private var selectorsOfSubscriber: [SubscriberID: Set<Selector>] = [:]

    /// - Parameters:
    ///   - bundle: The own trust domain's.
    ///   - capacity: How many X509-SVIDs are kept for workloads that may come.
    package init(bundle: SPIFFEBundle, capacity: Int = 1000, rotation: RotationPolicy = RotationPolicy()) {
        self.bundle = bundle
        shelf = SVIDShelf(capacity: capacity, rotation: rotation)
    }

    package var entryCount: Int { matcher.entries.count }
    package var svidCount: Int { shelf.count }

    // MARK: - Workloads

    /// What a workload is entitled to now.
    package func update(for selectors: Set<Selector>, now: Date) -> WorkloadUpdate {
        let candidates = matcher.entries(for: selectors).map { shelf.identity(of: $0, now: now) }
        return WorkloadUpdate(candidates: candidates, bundle: bundle, bundles: bundles)
    }

    /// Begins to keep a workload up to date and answers with the present state.
    package mutating func subscribe(
        _ id: SubscriberID, _ selectors: Set<Selector>, to interest: Interest, now: Date
    ) -> WorkloadUpdate {
        let update = update(for: selectors, now: now)
        audiences[selectors, default: Audience(update: update)].subscribers[id] = interest
        audiences[selectors]?.update = update
        selectorsOfSubscriber[id] = selectors
        if interest == .svids { keepSVIDs(of: update, now: now) }
        return update
    }

    package mutating func unsubscribe(_ id: SubscriberID) {
        guard let selectors = selectorsOfSubscriber.removeValue(forKey: id) else { return }
        audiences[selectors]?.subscribers[id] = nil
        if audiences[selectors]?.subscribers.isEmpty == true { audiences[selectors] = nil }
    }

    // MARK: - Server

    /// Takes over what the server says: all entries, the own bundle and the foreign ones.
    package mutating func synced(
        entries: [String: Entry], bundle: SPIFFEBundle, bundles: BundleSet, now: Date
    ) -> [Delivery] {
        let change = matcher.replace(with: entries)
        evict()
        guard !change.isEmpty || bundle != self.bundle || bundles != self.bundles else { return [] }
        self.bundle = bundle
        self.bundles = bundles
        for id in change.removed { shelf.remove(id) }
        for id in change.updated { shelf.entryChanged(id) }
        let deliveries = refresh(Array(audiences.keys), now: now)
        for delivery in audiences.values where delivery.wantsSVIDs { keepSVIDs(of: delivery.update, now: now) }
        prefetch(change.updated, now: now)
        return deliveries
    }

    /// Begins to renew the X509-SVIDs that these keys signed; until then they are handed out as before.
    ///
    /// - Parameter keyIDs: Hex subject key identifiers.
    /// - Returns: How many there are.
    @discardableResult
    package mutating func distrust(_ keyIDs: Set<String>, now: Date) -> Int {
        shelf.distrust(keyIDs, now: now)
    }

    /// Takes the X509-SVIDs that are to be signed now.
    package mutating func takeSigningWork(now: Date, limit: Int) -> [SVIDSigning] {
        shelf.takeWork(entries: matcher.entries, now: now, limit: limit)
    }

    /// When there will be signing work, if nothing else happens before.
    package var nextSigningWork: Date? {
        shelf.nextWork(entries: matcher.entries)
    }

    /// - Parameter results: What the server answered for each entry: an SVID, or `nil` for a refusal.
    package mutating func signed(
        _ results: [(entry: Entry, svid: WorkloadSVID?)], now: Date, random: () -> Double
    ) -> [Delivery] {
        var touched: Set<String> = []
        for (entry, svid) in results {
            touched.insert(entry.id)
            guard let svid, svid.spiffeID == entry.spiffeID else {
                shelf.refused(entry.id, now: now, random: random())
                continue
            }
            shelf.signed(entry, svid, random: random())
        }
        let concerned = audiences.filter { $0.value.wantsSVIDs && !touched.isDisjoint(with: $0.value.entryIDs) }
        return refresh(Array(concerned.keys), now: now)
    }

    /// The server did not answer; the work is to be done another time.
    package mutating func signingUnanswered(_ work: [SVIDSigning]) {
        for signing in work { shelf.unanswered(signing.entry.id) }
    }

    // MARK: - Private

    private mutating func refresh(_ concerned: [Set<Selector>], now: Date) -> [Delivery] {
        concerned.compactMap { selectors in
            let update = update(for: selectors, now: now)
            guard let audience = audiences[selectors], audience.update != update else { return nil }
            audiences[selectors]?.update = update
            return Delivery(subscribers: Set(audience.subscribers.keys), update: update)
        }
    }

    private mutating func keepSVIDs(of update: WorkloadUpdate, now: Date) {
        for identity in update.identities { shelf.keep(identity.entry.id, now: now) }
    }

    private mutating func prefetch(_ ids: Set<String>, now: Date) {
        for id in ids.sorted() where shelf.hasRoom && matcher.entries[id]?.disablesX509SVIDPrefetch == false {
            shelf.keep(id, now: now)
        }
    }

    /// Done once per sync only, because it looks at every audience.
    private mutating func evict() {
        guard shelf.isOverfull else { return }
        let inUse = Set(audiences.values.filter(\.wantsSVIDs).flatMap(\.entryIDs))
        shelf.evict { inUse.contains($0) }
    }
}
