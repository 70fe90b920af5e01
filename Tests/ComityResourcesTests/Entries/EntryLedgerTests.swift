// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityResources
import SPIFFE
import Testing

@Suite struct EntryLedgerTests {
    private let planner = EntryPlanner(clusterName: "east")

    private func owning(_ ids: Set<String>) -> EntryPlanner.Circumstances {
        var circumstances = EntryPlanner.Circumstances()
        circumstances.owned = ids
        return circumstances
    }

    @Test("a plan looks at what changed only, and at what was put back")
    func plansOnlyWhatChanged() throws {
        var ledger = EntryLedger(planner)
        ledger.declare([try ResourceFixture.declared("/a")], by: .pod("a"))
        ledger.declare([try ResourceFixture.declared("/b")], by: .pod("b"))
        var plan = ledger.plan(.init())
        #expect(plan.creates.count == 2)
        for declared in plan.creates { ledger.done(try ResourceFixture.entry(declared.entry.spiffeID.path, id: "1")) }
        ledger.finish()
        plan = ledger.plan(.init())
        #expect(plan == EntryPlan())
        ledger.finish()
        ledger.declare([], by: .pod("a"))
        plan = ledger.plan(.init())
        #expect(plan.creates.isEmpty && plan.unchanged.isEmpty)
    }

    @Test("what could not be deleted is tried again when it is time, not with every plan")
    func putsBackWhatIsWithheld() throws {
        var ledger = EntryLedger(planner)
        ledger.listed([try ResourceFixture.entry("/a", id: "1")])
        var circumstances = owning(["1"])
        circumstances.hasReadAll = false
        let first = ledger.plan(circumstances)
        #expect(first.withheld.map(\.id) == ["1"])
        ledger.finish()
        circumstances.hasReadAll = true
        let second = ledger.plan(circumstances)
        #expect(second == EntryPlan())
        ledger.finish()
        ledger.retry()
        let third = ledger.plan(circumstances)
        #expect(third.deletes.map(\.id) == ["1"])
    }

    @Test("the guard counts all that is ours, not only what changed")
    func limitsByAll() throws {
        var ledger = EntryLedger(planner)
        let entries = try (0..<30).map {
            try ResourceFixture.entry("/\($0)", id: "\($0)", selectors: ["k8s:pod-uid:\($0)"])
        }
        for entry in entries { ledger.declare([try declared(entry)], by: .pod(entry.id)) }
        ledger.listed(entries)
        _ = ledger.plan(owning(Set(entries.map(\.id))))
        ledger.finish()
        for entry in entries.prefix(21) { ledger.declare([], by: .pod(entry.id)) }
        let plan = ledger.plan(owning(Set(entries.map(\.id))))
        #expect(plan.withholding == .tooMany(allowed: 20))
        #expect(plan.withheld.count == 21)
    }

    private func declared(_ entry: Entry) throws -> DeclaredEntry {
        var declared = try ResourceFixture.declared(entry.spiffeID.path)
        declared.entry = entry
        declared.entry.id = ""
        return declared
    }

    @Test("§1.14 two CSIDs same key: the older one has the entry, the other one is masked, and counted so")
    func countsTheMasked() throws {
        var ledger = EntryLedger(planner)
        ledger.declare(
            [
                try ResourceFixture.declared("/a", by: "young", created: 2),
                try ResourceFixture.declared("/a", by: "old"),
            ],
            by: .pod("p"))
        let plan = ledger.plan(.init())
        #expect(plan.creates.map(\.owner.name) == ["old"])
        ledger.done(try ResourceFixture.entry("/a", id: "1"))
        ledger.finish()
        #expect(ledger.tallies[.clusterSPIFFEID("old")]?.set == 1)
        #expect(ledger.tallies[.clusterSPIFFEID("young")]?.masked == 1)
        #expect(ledger.tallies[.clusterSPIFFEID("young")]?.wanted == 0)
    }

    @Test(
        "the oldest of a name: an entry is set while it exists and matches, whoever made it and however often one looks"
    )
    func staysSet() throws {
        var ledger = EntryLedger(planner)
        ledger.declare([try ResourceFixture.declared("/a")], by: .staticEntry("a"))
        ledger.listed([try ResourceFixture.entry("/a", id: "theirs")])
        for _ in 0..<2 {
            _ = ledger.plan(.init())
            ledger.finish()
            #expect(ledger.standing(of: .staticEntry("a")) == .set)
        }
        ledger.listed([])
        _ = ledger.plan(.init())
        ledger.finish()
        #expect(ledger.standing(of: .staticEntry("a")) == nil)
    }

    @Test func readsOnlyEntriesOfAnotherVersion() throws {
        var ledger = EntryLedger(planner)
        let (same, changed) = (try ResourceFixture.entry("/a", id: "1"), try ResourceFixture.entry("/b", id: "2"))
        ledger.listed([same, changed, try ResourceFixture.entry("/c", id: "3")])
        var newer = changed
        newer.revisionNumber = 1
        let new = try ResourceFixture.entry("/d", id: "4")
        let toRead = ledger.listed(versions: [same, newer, new].map(EntryVersion.init))
        #expect(toRead.sorted() == ["2", "4"])
        #expect(Set(ledger.entryIDs) == ["1", "2"])
    }
}
