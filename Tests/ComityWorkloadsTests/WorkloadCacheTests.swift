// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityWorkloads
import Foundation
import SPIFFE
import Testing

@Suite struct WorkloadCacheTests {
    private let selectors: Set<Selector>
    private var cache: WorkloadCache

    init() throws {
        selectors = try makeSelectors(["unix:uid:1", "unix:gid:1"])
        cache = WorkloadCache(bundle: try makeBundle("alpha.test"))
    }

    @Test("WAPI-17: an identity is signed and delivered for each entry, in the order of entry IDs")
    mutating func signsAndDeliversEachEntry() throws {
        let (b, a) = (try makeEntry("b"), try makeEntry("a"))
        _ = try sync(a, b)
        #expect(cache.subscribe(1, selectors, to: .svids, now: start).signedIdentities == nil)

        let work = cache.takeSigningWork(now: start, limit: 10)
        let deliveries = cache.signed(work.map { ($0.entry, makeSVID($0.entry)) }, now: start) { 0.5 }

        #expect(work == [.init(entry: a, reason: .create), .init(entry: b, reason: .create)])
        #expect(deliveries.map(\.subscribers) == [[1]])
        #expect(deliveries.first?.update.signedIdentities?.map(\.svid) == [makeSVID(a), makeSVID(b)])
    }

    @Test("WAPI-09: nothing is delivered while nothing changes")
    mutating func isSilentWithoutChange() throws {
        let entry = try makeEntry("a")
        try signAll(entry)
        _ = cache.subscribe(1, selectors, to: .svids, now: start)

        #expect(try sync(entry).isEmpty)
        #expect(cache.takeSigningWork(now: start, limit: 10).isEmpty)
    }

    @Test("WAPI-07: after a rotation of one of two SVIDs the update has both")
    mutating func rotatesOneOfTwo() throws {
        let (a, b) = (try makeEntry("a"), try makeEntry("b"))
        _ = try sync(a, b)
        _ = cache.takeSigningWork(now: start, limit: 10)
        _ = cache.signed([(a, makeSVID(a, to: 100)), (b, makeSVID(b, to: 1000))], now: start) { 0.5 }
        _ = cache.subscribe(1, selectors, to: .svids, now: start)

        #expect(cache.nextSigningWork == start.addingTimeInterval(50))
        #expect(cache.takeSigningWork(now: start.addingTimeInterval(49), limit: 10).isEmpty)
        let later = start.addingTimeInterval(50)
        #expect(cache.takeSigningWork(now: later, limit: 10) == [.init(entry: a, reason: .renew)])
        let renewed = makeSVID(a, serial: 2, from: 50, to: 150)
        let deliveries = cache.signed([(a, renewed)], now: later) { 0.5 }

        #expect(deliveries.first?.update.signedIdentities?.map(\.svid) == [renewed, makeSVID(b, to: 1000)])
    }

    @Test mutating func newRevisionIsSignedAnewWhileTheOldSVIDGoesOn() throws {
        let old = try makeEntry("a")
        let new = try makeEntry("a", hint: "h", revision: 1)
        try signAll(old)
        _ = cache.subscribe(1, selectors, to: .svids, now: start)

        let deliveries = try sync(new)

        #expect(deliveries.first?.update.signedIdentities?.map(\.entry.hint) == ["h"])
        #expect(cache.takeSigningWork(now: start, limit: 10) == [.init(entry: new, reason: .update)])
    }

    @Test mutating func entryWithAnotherNameLosesTheOldSVIDAtOnce() throws {
        try signAll(try makeEntry("a", "/old"))
        _ = cache.subscribe(1, selectors, to: .svids, now: start)

        let deliveries = try sync(try makeEntry("a", "/new", revision: 1))

        #expect(deliveries.first?.update.identities.map(\.svid) == [nil])
    }

    @Test("WAPI-27: a removed entry is withdrawn from its workloads only")
    mutating func withdrawsRemovedEntry() throws {
        let (a, other) = (try makeEntry("a"), try makeEntry("other", selectors: ["unix:uid:2"]))
        try signAll(a, other)
        _ = cache.subscribe(1, selectors, to: .svids, now: start)
        _ = cache.subscribe(2, try makeSelectors(["unix:uid:2"]), to: .svids, now: start)

        let deliveries = try sync(other)

        #expect(deliveries.map(\.subscribers) == [[1]])
        #expect(deliveries.first?.update.identities.isEmpty == true)
        #expect(cache.svidCount == 1)
    }

    @Test("S15: a refreshed foreign bundle goes to the workloads that federate with it")
    mutating func deliversForeignBundle() throws {
        let entries = [
            try makeEntry("a", federatesWith: ["beta.test"]), try makeEntry("b", selectors: ["unix:uid:2"]),
        ]
        _ = try sync(entries[0], entries[1])
        _ = cache.subscribe(1, selectors, to: .bundles, now: start)
        _ = cache.subscribe(2, try makeSelectors(["unix:uid:2"]), to: .bundles, now: start)
        let beta = try makeBundle("beta.test", sequence: 2)

        let deliveries = try sync(entries[0], entries[1], bundles: [beta])

        #expect(deliveries.map(\.subscribers) == [[1]])
        #expect(deliveries.first?.update.federatedBundles == BundleSet([beta]))
    }

    @Test mutating func ownBundleGoesToAll() throws {
        let entry = try makeEntry("a")
        _ = try sync(entry)
        for subscriber in 1...3 { _ = cache.subscribe(subscriber, selectors, to: .bundles, now: start) }
        cache.unsubscribe(2)

        let deliveries = cache.synced(
            entries: makeEntries(entry), bundle: try makeBundle("alpha.test", sequence: 2), bundles: BundleSet(),
            now: start)

        #expect(deliveries.map(\.subscribers) == [[1, 3]])
    }

    @Test("S50: an unanswered request leaves the SVID in use, and it ends only with its time")
    mutating func unansweredWorkIsDueAgain() throws {
        let entry = try makeEntry("a")
        try signAll(entry)
        let due = start.addingTimeInterval(1800)
        let work = cache.takeSigningWork(now: due, limit: 10)
        #expect(cache.takeSigningWork(now: due, limit: 10).isEmpty)

        cache.signingUnanswered(work)

        #expect(cache.takeSigningWork(now: due, limit: 10) == work)
        let last = start.addingTimeInterval(3599)
        #expect(cache.update(for: selectors, now: last).signedIdentities?.count == 1)
        #expect(cache.update(for: selectors, now: last.addingTimeInterval(1)).signedIdentities == nil)
    }

    @Test mutating func refusedEntryIsAskedForAgainLaterAndHoldsNobodyUp() throws {
        let (a, b) = (try makeEntry("a"), try makeEntry("b"))
        _ = try sync(a, b)
        _ = cache.subscribe(1, selectors, to: .svids, now: start)
        _ = cache.takeSigningWork(now: start, limit: 10)

        let deliveries = cache.signed([(a, nil), (b, makeSVID(b))], now: start) { 0.5 }

        #expect(deliveries.first?.update.signedIdentities?.map(\.entry.id) == ["b"])
        #expect(cache.nextSigningWork == start.addingTimeInterval(0.5))
        _ = try sync(try makeEntry("a", revision: 1), b)
        #expect(cache.takeSigningWork(now: start, limit: 10).map(\.entry.id) == ["a"])
    }

    @Test mutating func svidOfAnotherIdentityIsRefused() throws {
        let a = try makeEntry("a")
        _ = try sync(a)
        _ = cache.takeSigningWork(now: start, limit: 10)

        _ = cache.signed([(a, makeSVID(try makeEntry("b")))], now: start) { 0.5 }

        #expect(cache.update(for: selectors, now: start).identities.map(\.svid) == [nil])
    }

    @Test mutating func prefetchesUpToTheCapacityAndNeverDropsWhatIsInUse() throws {
        cache = WorkloadCache(bundle: try makeBundle("alpha.test"), capacity: 2)
        var entries: [String: Entry] = [:]
        for user in 1...4 { entries["\(user)"] = try makeEntry("\(user)", selectors: ["unix:uid:\(user)"]) }
        entries["1"]?.disablesX509SVIDPrefetch = true
        let bundle = cache.bundle
        _ = cache.synced(entries: entries, bundle: bundle, bundles: BundleSet(), now: start)
        #expect(cache.takeSigningWork(now: start, limit: 10).map(\.entry.id) == ["2", "3"])

        for (subscriber, user) in [1, 3, 4].enumerated() {
            _ = cache.subscribe(
                subscriber, try makeSelectors(["unix:uid:\(user)"]), to: .svids, now: start.addingTimeInterval(1))
        }
        #expect(cache.svidCount == 4)
        _ = cache.synced(entries: entries, bundle: bundle, bundles: BundleSet(), now: start)
        #expect(cache.svidCount == 3)
        cache.unsubscribe(0)
        _ = cache.synced(entries: entries, bundle: bundle, bundles: BundleSet(), now: start)
        #expect(cache.svidCount == 2)
    }

    private mutating func sync(_ entries: Entry..., bundles: [SPIFFEBundle] = []) throws -> [WorkloadCache.Delivery] {
        cache.synced(
            entries: Dictionary(uniqueKeysWithValues: entries.map { ($0.id, $0) }), bundle: cache.bundle,
            bundles: BundleSet(bundles), now: start)
    }

    private mutating func signAll(_ entries: Entry...) throws {
        _ = cache.synced(
            entries: Dictionary(uniqueKeysWithValues: entries.map { ($0.id, $0) }), bundle: cache.bundle,
            bundles: BundleSet(), now: start)
        let work = cache.takeSigningWork(now: start, limit: 10)
        _ = cache.signed(work.map { ($0.entry, makeSVID($0.entry)) }, now: start) { 0.5 }
    }
}
