// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityWorkloads
import SPIFFE
import Testing

@Suite struct WorkloadUpdateTests {
    @Test("WAPI-24: of entries with one hint the oldest stays, ties go by ID (D-29)")
    func keepsOldestOfEqualHints() throws {
        let update = try makeUpdate([
            try makeEntry("a", hint: "x", createdAt: 9), try makeEntry("b", hint: "x", createdAt: 3),
            try makeEntry("c", hint: "x", createdAt: 3), try makeEntry("d", hint: "y", createdAt: 9),
            try makeEntry("e"), try makeEntry("f"),
        ])

        #expect(update.identities.map(\.entry.id) == ["b", "d", "e", "f"])
        #expect(update.ignoredEntryIDs == ["a", "c"])
    }

    @Test("S35: a workload has the foreign bundles that its own entries name, missing ones left out")
    func hasBundlesOfOwnEntriesOnly() throws {
        let beta = try makeBundle("beta.test")
        let bundles = BundleSet([beta, try makeBundle("gamma.test")])
        let entries = [
            try makeEntry("a", federatesWith: ["beta.test", "missing.test"]), try makeEntry("b"),
        ]

        let update = try makeUpdate(entries, bundles: bundles)

        #expect(update.federatedBundles == BundleSet([beta]))
        #expect(update.identities.count == 2)
    }

    @Test func ownBundleIsNoForeignOne() throws {
        let own = try makeBundle("alpha.test")
        let update = try makeUpdate(
            [try makeEntry("a", federatesWith: ["alpha.test"])], bundles: BundleSet([own]))

        #expect(update.federatedBundles == BundleSet())
    }

    @Test(
        arguments: [
            // One letter per identity: signed, refused or open. The expected number handed out, nil for waiting.
            ("", 0), ("s", 1), ("ss", 2), ("so", nil), ("o", nil), ("sr", 1), ("r", nil), ("ro", nil),
        ] as [(String, Int?)])
    func waitsForSignaturesButNotForRefusedOnes(states: String, expected: Int?) throws {
        let identities = try states.enumerated().map { index, state in
            let entry = try makeEntry(String(index))
            return WorkloadUpdate.Identity(
                entry: entry, svid: state == "s" ? makeSVID(entry) : nil, isRefused: state == "r")
        }
        let update = WorkloadUpdate(
            candidates: identities, bundle: try makeBundle("alpha.test"), bundles: BundleSet())

        #expect(update.signedIdentities?.count == expected)
    }

    private func makeUpdate(_ entries: [Entry], bundles: BundleSet = BundleSet()) throws -> WorkloadUpdate {
        WorkloadUpdate(
            candidates: entries.map { .init(entry: $0, svid: nil) }, bundle: try makeBundle("alpha.test"),
            bundles: bundles)
    }
}
