// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityWorkloads
import Foundation
import SPIFFE
import Testing

/// What becomes of SVIDs whose authority lost trust.
@Suite struct WorkloadCacheDistrustTests {
    private var cache: WorkloadCache

    init() throws {
        cache = WorkloadCache(bundle: try makeBundle("alpha.test"), capacity: 1000)
    }

    private mutating func serve(_ count: Int, signedBy signer: (Int) -> String) throws -> [Entry] {
        let entries = try (0..<count).map { try makeEntry(String($0 + 1000), selectors: ["unix:uid:\($0)"]) }
        _ = cache.synced(
            entries: Dictionary(uniqueKeysWithValues: entries.map { ($0.id, $0) }), bundle: cache.bundle,
            bundles: BundleSet(), now: start)
        _ = cache.takeSigningWork(now: start, limit: count)
        let svids = entries.indices.map { index in
            (entry: entries[index], svid: Optional(svid(entries[index], signedBy: signer(index))))
        }
        _ = cache.signed(svids, now: start) { 0.5 }
        return entries
    }

    private func svid(_ entry: Entry, signedBy signer: String) -> WorkloadSVID {
        var svid = makeSVID(entry)
        svid.signerKeyIDs = [signer]
        return svid
    }

    @Test mutating func renewsWhatTheTaintedAuthoritySignedAndNothingElse() throws {
        let entries = try serve(4) { $0 < 2 ? "old" : "new" }
        #expect(cache.takeSigningWork(now: start, limit: 10).isEmpty)
        cache.distrust(["old"], now: start)
        let work = cache.takeSigningWork(now: start, limit: 10)
        #expect(work == entries.prefix(2).map { .init(entry: $0, reason: .renew) })
        _ = cache.signed(work.map { ($0.entry, svid($0.entry, signedBy: "new")) }, now: start) { 0.5 }
        #expect(cache.takeSigningWork(now: start + 60, limit: 10).isEmpty)
    }

    @Test mutating func handsTheOldOneOutUntilTheNewOneIsThere() throws {
        let entry = try serve(1) { _ in "old" }[0]
        cache.distrust(["old"], now: start)
        _ = cache.takeSigningWork(now: start, limit: 10)
        #expect(cache.update(for: entry.selectors, now: start).signedIdentities?.count == 1)
    }

    @Test("renewals come a hundred every five seconds") mutating func renewsInBatches() throws {
        _ = try serve(250) { _ in "old" }
        cache.distrust(["old"], now: start)
        #expect(cache.takeSigningWork(now: start, limit: 500).count == 100)
        #expect(cache.takeSigningWork(now: start + 4.9, limit: 500).isEmpty)
        #expect(cache.nextSigningWork == start + 5)
        #expect(cache.takeSigningWork(now: start + 5, limit: 500).count == 100)
        #expect(cache.takeSigningWork(now: start + 10, limit: 500).count == 50)
        #expect(cache.takeSigningWork(now: start + 15, limit: 500).isEmpty)
    }

    @Test("a second loss of trust does not make the first forgotten") mutating func joinsLosses() throws {
        _ = try serve(150) { $0 < 140 ? "one" : "two" }
        cache.distrust(["one"], now: start)
        #expect(cache.takeSigningWork(now: start, limit: 500).count == 100)
        cache.distrust(["two"], now: start + 1)
        #expect(cache.takeSigningWork(now: start + 1, limit: 500).isEmpty)
        let rest = [5, 10].flatMap { cache.takeSigningWork(now: start + $0, limit: 500) }
        #expect(rest.count == 50)
    }
}
