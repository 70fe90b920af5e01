// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
package import ComityWorkloads
package import FoundationEssentials
package import SPIFFE
import Synchronization

/// Holds the workload cache and brings its news to the streams.
///
/// A stream has one slot: what it has not taken yet is replaced by what is newer, so a slow client costs nothing and
/// never gets an old state.
package final class WorkloadStore: Sendable {
    private struct State {
        var cache: WorkloadCache
        var slots: [WorkloadCache.SubscriberID: AsyncStream<WorkloadUpdate>.Continuation] = [:]
        var bundleSlots: [WorkloadCache.SubscriberID: AsyncStream<KnownBundles>.Continuation] = [:]
        var nextID: WorkloadCache.SubscriberID = 0

        var bundles: KnownBundles { KnownBundles(own: cache.bundle, federated: cache.bundles) }

        mutating func makeID() -> WorkloadCache.SubscriberID {
            defer { nextID += 1 }
            return nextID
        }
    }

    private let state: Mutex<State>
    private let now: @Sendable () -> Date
    private let signing: Alarm

    /// - Parameter signing: Rung whenever there may be X509-SVIDs to sign.
    package init(_ cache: WorkloadCache, signing: Alarm, now: @escaping @Sendable () -> Date = { Date() }) {
        state = Mutex(State(cache: cache))
        self.signing = signing
        self.now = now
    }

    package var entryCount: Int { state.withLock { $0.cache.entryCount } }
    package var svidCount: Int { state.withLock { $0.cache.svidCount } }
    package var bundle: SPIFFEBundle { state.withLock { $0.cache.bundle } }

    /// How many streams are open.
    package var subscriberCount: Int { state.withLock { $0.slots.count + $0.bundleSlots.count } }

    // MARK: - Workloads

    package func update(for selectors: Set<Selector>) -> WorkloadUpdate {
        state.withLock { $0.cache.update(for: selectors, now: now()) }
    }

    /// Begins a subscription whose first element is the present state.
    package func subscribe(_ selectors: Set<Selector>, to interest: WorkloadCache.Interest) -> Subscription<
        WorkloadUpdate
    > {
        let (updates, slot) = AsyncStream<WorkloadUpdate>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let id = state.withLock { state in
            let id = state.makeID()
            state.slots[id] = slot
            // Within the lock, so that nothing newer can come before it.
            slot.yield(state.cache.subscribe(id, selectors, to: interest, now: now()))
            return id
        }
        slot.onTermination = { [weak self] _ in self?.unsubscribe(id) }
        if interest == .svids { signing.ring() }
        return Subscription(updates: updates, slot: slot)
    }

    /// Begins a subscription to all bundles, whose first element is the present state.
    package func subscribeToBundles() -> Subscription<KnownBundles> {
        let (updates, slot) = AsyncStream<KnownBundles>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let id = state.withLock { state in
            let id = state.makeID()
            state.bundleSlots[id] = slot
            slot.yield(state.bundles)
            return id
        }
        slot.onTermination = { [weak self] _ in self?.state.withLock { $0.bundleSlots[id] = nil } }
        return Subscription(updates: updates, slot: slot)
    }

    /// Ends all subscriptions: the agent stops.
    package func endSubscriptions() {
        // Outside of the lock, which ending a subscription takes.
        let (slots, bundleSlots) = state.withLock { (Array($0.slots.values), Array($0.bundleSlots.values)) }
        for slot in slots { slot.finish() }
        for slot in bundleSlots { slot.finish() }
    }

    private func unsubscribe(_ id: WorkloadCache.SubscriberID) {
        state.withLock { state in
            state.slots[id] = nil
            state.cache.unsubscribe(id)
        }
    }

    // MARK: - Server

    package func synced(entries: [String: Entry], bundle: SPIFFEBundle, bundles: BundleSet) {
        state.withLock { state in
            let before = state.bundles
            Self.deliver(
                state.cache.synced(entries: entries, bundle: bundle, bundles: bundles, now: now()), state)
            guard state.bundles != before else { return }
            for slot in state.bundleSlots.values { slot.yield(state.bundles) }
        }
        signing.ring()
    }

    /// Begins to renew the X509-SVIDs that these keys signed.
    ///
    /// - Returns: How many there are.
    @discardableResult
    package func distrust(_ keyIDs: Set<String>) -> Int {
        defer { signing.ring() }
        return state.withLock { $0.cache.distrust(keyIDs, now: now()) }
    }

    package func takeSigningWork(limit: Int) -> [SVIDSigning] {
        state.withLock { $0.cache.takeSigningWork(now: now(), limit: limit) }
    }

    package var nextSigningWork: Date? {
        state.withLock { $0.cache.nextSigningWork }
    }

    package func signed(_ results: [(entry: Entry, svid: WorkloadSVID?)]) {
        state.withLock { state in
            let deliveries = state.cache.signed(results, now: now()) { Double.random(in: 0..<1) }
            Self.deliver(deliveries, state)
        }
    }

    package func signingUnanswered(_ work: [SVIDSigning]) {
        state.withLock { $0.cache.signingUnanswered(work) }
    }

    private static func deliver(_ deliveries: [WorkloadCache.Delivery], _ state: borrowing State) {
        for delivery in deliveries {
            for subscriber in delivery.subscribers { state.slots[subscriber]?.yield(delivery.update) }
        }
    }
}
