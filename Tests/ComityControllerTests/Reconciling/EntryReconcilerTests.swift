// SPDX-License-Identifier: Apache-2.0

import ComityController
import ComityRegistry
import ComityResources
import ComityTesting
import GRPCCore
import Logging
import SPIFFE
import Testing

@Suite struct EntryReconcilerTests {
    private let log = RecordedLog()

    private func reconciler(
        _ server: MemoryServer, _ record: MemoryRecord, _ declarations: FixedDeclarations, prefix: String = "",
        deletesForeign: Bool = false, ignoresLimit: Bool = false, printer: PlanPrinter? = nil
    ) -> EntryReconciler {
        var planner = EntryPlanner(clusterName: "demo", idPrefix: prefix)
        planner.deletesForeignEntries = deletesForeign
        return EntryReconciler(
            planner, door: server, ownership: Ownership(record), declarations: declarations,
            ignoresDeletionLimit: ignoresLimit, logger: log.logger(), printer: printer)
    }

    @Test("creates what is declared, claims it first, and says so in the upstream controller's words")
    func createsWhatIsDeclared() async throws {
        let (server, record) = (MemoryServer(), MemoryRecord(Owned()))
        await reconciler(server, record, try FixedDeclarations([try Fixtures.declared("web", hint: "h")])).pass()
        let made = try #require(server.entriesNow.first)
        #expect(record.now?.entryIDs == [made.id])
        let line = try #require(log.lines("Created entry").first)
        #expect(line.metadata["id"] == made.id)
        #expect(line.metadata["spiffeID"] == "spiffe://example.org/web")
        #expect(line.metadata["selectors"] == "[unix:uid:3]")
        #expect(line.metadata["hint"] == "h")
    }

    @Test func actsInTheOrderOfTheUpstreamController() async throws {
        let (old, changed) = (try Fixtures.entry("old", id: "1"), try Fixtures.entry("changed", id: "2"))
        let server = MemoryServer(entries: [old, changed])
        let declarations = try FixedDeclarations([
            try Fixtures.declared("new"), try Fixtures.declared("changed", hint: "other"),
        ])
        let reconciler = reconciler(server, MemoryRecord(Owned(entryIDs: ["1", "2"])), declarations)
        await reconciler.pass()
        #expect(server.calls == ["entries", "delete 1", "create 1", "update 1"])
        await reconciler.pass()
        #expect(server.calls.dropFirst(4) == ["entry versions"])
    }

    @Test func sendsBatchesOfTheUpstreamControllersSizes() async throws {
        let old = try (0..<201).map { try Fixtures.entry("old\($0)", id: "old\($0)", pod: "p\($0)") }
        let declared = try (0..<51).map { try Fixtures.declared("new\($0)") }
        let server = MemoryServer(entries: old)
        let record = MemoryRecord(Owned(entryIDs: Set(old.map(\.id))))
        await reconciler(server, record, try FixedDeclarations(declared), ignoresLimit: true).pass()
        #expect(server.calls == ["entries", "delete 200", "delete 1", "create 50", "create 1"])
        #expect(record.now?.entryIDs.count == 51)
    }

    @Test("a crash between the claim and the creation leaves a claim to nothing, which does no harm")
    func claimsBeforeItCreates() async throws {
        let (server, record) = (MemoryServer(), MemoryRecord(Owned()))
        server.change { $0.failing["create"] = 0 }
        let declarations = try FixedDeclarations([try Fixtures.declared("web")])
        await reconciler(server, record, declarations).pass()
        #expect(record.now?.entryIDs.count == 1)
        #expect(server.entriesNow.isEmpty)
        server.change { $0.failing = [:] }
        await reconciler(server, record, declarations).pass()
        #expect(server.entriesNow.count == 1)
        #expect(record.now?.entryIDs.contains(server.entriesNow[0].id) == true)
    }

    @Test("§1.8: a transport error in the middle of a batch counts only what failed")
    func countsOnlyWhatFailed() async throws {
        let server = MemoryServer()
        server.change { $0.failing["create"] = 1 }
        let declarations = try FixedDeclarations((0..<120).map { try Fixtures.declared("web\($0)") })
        let reconciler = reconciler(server, MemoryRecord(Owned()), declarations)
        await reconciler.pass()
        let tallies = await reconciler.ledger.tallies.values
        #expect(tallies.reduce(0) { $0 + $1.set } == 50)
        #expect(tallies.reduce(0) { $0 + $1.failed } == 50)
        #expect(log.lines("Created entry").count == 50)
        #expect(log.lines("Failed to create entries").count == 1)
        server.change { $0.failing = [:] }
        await reconciler.pass()
        #expect(server.entriesNow.count == 120)
        #expect(await reconciler.ledger.tallies.values.reduce(0) { $0 + $1.failed } == 0)
    }

    @Test("§1.14 DNS name invalid: the entry that the server refuses is told once and tried again; the rest is made")
    func oneRefusedEntryStopsNobody() async throws {
        let server = MemoryServer()
        server.change { $0.refused["spiffe://example.org/bad"] = "DNS name is invalid" }
        let declarations = try FixedDeclarations([try Fixtures.declared("bad"), try Fixtures.declared("good")])
        let reconciler = reconciler(server, MemoryRecord(Owned()), declarations)
        for _ in 0..<3 { await reconciler.pass() }
        #expect(server.entriesNow.map(\.spiffeID.path) == ["/good"])
        #expect(server.calls.filter { $0 == "create 1" }.count == 2)
        #expect(log.lines("Failed to create entry").filter { $0.level == .error }.count == 1)
        #expect(await reconciler.ledger.tallies[.clusterStaticEntry("bad")]?.failed == 1)
        #expect(
            await reconciler.ledger.failures(of: .clusterStaticEntry("bad"), atMost: 5).map(\.reason)
                == ["DNS name is invalid"])
        server.change { $0.refused = [:] }
        await reconciler.pass()
        #expect(await reconciler.ledger.tallies[.clusterStaticEntry("bad")]?.set == 1)
    }

    @Test("two writers: the one that comes second takes the other's entry for its own wish when it is the same")
    func anotherWriterWasFirst() async throws {
        let (server, record) = (MemoryServer(), MemoryRecord(Owned()))
        let other = try Fixtures.entry("web", id: "theirs")
        server.change { $0.beforeCreation = { $0.entries["theirs"] = other } }
        let reconciler = reconciler(server, record, try FixedDeclarations([try Fixtures.declared("web")]))
        await reconciler.pass()
        await reconciler.pass()
        #expect(server.entriesNow == [other])
        #expect(record.now?.entryIDs == [])
        #expect(log.lines("Failed to create entry").isEmpty)
        #expect(await reconciler.ledger.tallies[.clusterStaticEntry("web")]?.set == 1)
    }

    @Test("two writers: what another made otherwise is left alone and told of")
    func leavesAloneWhatAnotherMadeOtherwise() async throws {
        let other = try Fixtures.entry("web", id: "theirs", hint: "theirs")
        let server = MemoryServer(entries: [other])
        let reconciler = reconciler(
            server, MemoryRecord(Owned()), try FixedDeclarations([try Fixtures.declared("web", hint: "ours")]))
        await reconciler.pass()
        #expect(server.entriesNow == [other])
        let failures = await reconciler.ledger.failures(of: .clusterStaticEntry("web"), atMost: 1)
        #expect(failures.first?.reason.contains("entry theirs, which this controller did not make") == true)
    }

    @Test func deletesNothingOfOthersUnlessToldTo() async throws {
        let foreign = try Fixtures.entry("foreign", id: "f")
        let server = MemoryServer(entries: [foreign])
        await reconciler(server, MemoryRecord(Owned()), try FixedDeclarations()).pass()
        #expect(server.entriesNow == [foreign])
        await reconciler(server, MemoryRecord(Owned()), try FixedDeclarations(), deletesForeign: true).pass()
        #expect(server.entriesNow.isEmpty)
    }

    @Test("a pass with a failed read deletes nothing, and says so once")
    func deletesNothingAfterAFailedRead() async throws {
        let ours = try Fixtures.entry("ours", id: "1")
        let (server, declarations) = (MemoryServer(entries: [ours]), try FixedDeclarations())
        declarations.change { $0.entryReading.hasReadAll = false }
        let reconciler = reconciler(server, MemoryRecord(Owned(entryIDs: ["1"])), declarations)
        await reconciler.pass()
        await reconciler.pass()
        #expect(server.entriesNow == [ours])
        #expect(log.lines("Entries that nobody declares any more are not deleted").count == 1)
        #expect(reconciler.state.report.withheld == 1)
        declarations.change { $0.entryReading.hasReadAll = true }
        await reconciler.pass()
        #expect(server.entriesNow.isEmpty)
    }

    @Test("§1.14 CSID template syntax error: what an unusable resource may declare stays, the rest goes")
    func keepsWhatIsUndecided() async throws {
        let (undecided, gone) = (
            try Fixtures.entry("a", id: "1", pod: "alive"), try Fixtures.entry("b", id: "2", pod: "dead")
        )
        let (server, declarations) = (MemoryServer(entries: [undecided, gone]), try FixedDeclarations())
        declarations.change { $0.entryReading.undecidedPods = ["alive"] }
        await reconciler(server, MemoryRecord(Owned(entryIDs: ["1", "2"])), declarations).pass()
        #expect(server.entriesNow == [undecided])
    }

    @Test("the guard withholds a mass deletion until the operator allows it")
    func withholdsMassDeletions() async throws {
        let entries = try (0..<50).map { try Fixtures.entry("e\($0)", id: "\($0)", pod: "p\($0)") }
        let server = MemoryServer(entries: entries)
        let record = MemoryRecord(Owned(entryIDs: Set(entries.map(\.id))))
        await reconciler(server, record, try FixedDeclarations()).pass()
        #expect(server.entriesNow.count == 50)
        #expect(
            log.lines("Entries that nobody declares any more are not deleted").first?.metadata["reason"]?.contains(
                "-allow-mass-deletion") == true)
        await reconciler(server, record, try FixedDeclarations(), ignoresLimit: true).pass()
        #expect(server.entriesNow.isEmpty)
    }

    @Test("the first run takes over what a controller of this cluster made, and nothing else")
    func adoptsAtTheFirstRun() async throws {
        let pod = try Fixtures.entry("pod", id: "1", pod: "p1")
        let byHand = try Fixtures.entry("hand", id: "2")
        let same = try Fixtures.entry("same", id: "3")
        let (server, record) = (MemoryServer(entries: [pod, byHand, same]), MemoryRecord())
        let declarations = try FixedDeclarations([try Fixtures.declared("same")])
        await reconciler(server, record, declarations).pass()
        // The pod is gone, so that its entry goes; the one made by hand stays.
        #expect(server.entriesNow == [byHand, same])
        #expect(record.now?.entryIDs == ["3"])
        let later = try Fixtures.entry("later", id: "4", pod: "p4")
        server.change { $0.entries["4"] = later }
        await reconciler(server, record, declarations).pass()
        #expect(server.entriesNow.contains(later))
    }

    @Test("§1.14 server socket down: the pass fails, nothing is planned, and the probe says so")
    func saysThatTheServerIsDown() async throws {
        let server = MemoryServer()
        let reconciler = reconciler(
            server, MemoryRecord(Owned()), try FixedDeclarations([try Fixtures.declared("web")]))
        server.change { $0.isDown = true }
        await reconciler.pass()
        await reconciler.pass()
        #expect(log.lines("Failed to reach the server").filter { $0.level == .error }.count == 1)
        #expect(reconciler.state.report.failure?.contains("server is down") == true)
        server.change { $0.isDown = false }
        await reconciler.pass()
        #expect(reconciler.state.report.failure == nil)
        #expect(server.entriesNow.count == 1)
    }

    @Test("§1.8: what somebody else changed on the server is put right in the next pass")
    func healsDrift() async throws {
        let (server, record) = (MemoryServer(), MemoryRecord(Owned()))
        let reconciler = reconciler(
            server, record, try FixedDeclarations([try Fixtures.declared("a", hint: "h"), try Fixtures.declared("b")]))
        await reconciler.pass()
        let before = server.entriesNow
        server.change { state in
            for id in state.entries.keys where state.entries[id]?.hint == "h" {
                state.entries[id]?.hint = "drift"
                state.entries[id]?.revisionNumber += 1
            }
            for id in state.entries.keys where state.entries[id]?.hint == "" { state.entries[id] = nil }
        }
        await reconciler.pass()
        #expect(server.entriesNow.map(\.hint).sorted() == before.map(\.hint).sorted())
    }

    @Test("§1.14 federatesWith TD unknown to server, C20: the identity is issued, the bundle attached when it comes")
    func issuesIdentitiesBeforeBundles() async throws {
        let foreign = try TrustDomain("two.test")
        var declared = try Fixtures.declared("web")
        declared.entry.federatesWith = [foreign]
        let server = MemoryServer()
        server.change { $0.requiresBundles = true }
        let reconciler = reconciler(server, MemoryRecord(Owned()), try FixedDeclarations([declared]))
        await reconciler.pass()
        #expect(server.entriesNow.map(\.federatesWith) == [[]])
        #expect(await reconciler.ledger.tallies[.clusterStaticEntry("web")]?.set == 1)
        let bundle = try SPIFFEBundle.fixture(of: foreign)
        server.change { $0.bundles[foreign] = bundle }
        await reconciler.pass()
        #expect(server.entriesNow.map(\.federatesWith) == [[foreign]])
    }

    @Test func standsStillWhileAnotherLeads() async throws {
        let server = MemoryServer()
        let reconciler = EntryReconciler(
            EntryPlanner(clusterName: "demo"), door: server, ownership: Ownership(MemoryRecord(Owned())),
            declarations: try FixedDeclarations([try Fixtures.declared("web")]), mayAct: { false },
            logger: log.logger())
        await reconciler.pass()
        #expect(server.calls.isEmpty)
    }

    @Test("what is withheld is told once, and counted between two listings, too")
    func remembersWhatIsWithheld() async throws {
        let (server, declarations) = (
            MemoryServer(entries: [try Fixtures.entry("ours", id: "1")]), try FixedDeclarations()
        )
        declarations.change { $0.entryReading.hasReadAll = false }
        let reconciler = EntryReconciler(
            EntryPlanner(clusterName: "demo"), door: server,
            ownership: Ownership(MemoryRecord(Owned(entryIDs: ["1"]))), declarations: declarations,
            listInterval: .seconds(3600), logger: log.logger())
        for _ in 0..<3 { await reconciler.pass() }
        #expect(server.calls == ["entries"])
        #expect(log.lines("Entries that nobody declares any more are not deleted").count == 1)
        #expect(reconciler.state.report.withheld == 1)
    }

    @Test func aPrefixNeedsNoClaims() async throws {
        let (server, record) = (MemoryServer(), MemoryRecord(Owned()))
        await reconciler(server, record, try FixedDeclarations([try Fixtures.declared("web")]), prefix: "demo").pass()
        #expect(server.entriesNow.first?.id.hasPrefix("demo.") == true)
        #expect(record.now == Owned())
        await reconciler(server, record, try FixedDeclarations(), prefix: "demo").pass()
        #expect(server.entriesNow.isEmpty)
    }

    @Test("a dry run prints the plan and writes nothing, no claim either")
    func printsThePlan() async throws {
        let (server, record) = (MemoryServer(entries: [try Fixtures.entry("old", id: "1", pod: "p")]), MemoryRecord())
        let lines = RecordedLog()
        let printer = PlanPrinter { lines.logger().info("\($0)") }
        await reconciler(server, record, try FixedDeclarations([try Fixtures.declared("web")]), printer: printer).pass()
        #expect(
            lines.lines.map(\.message) == [
                "delete entry 1 spiffe://example.org/old parent spiffe://example.org/spire/agent/k8s_psat/demo/n1 "
                    + "selectors k8s:pod-uid:p",
                "create entry spiffe://example.org/web parent spiffe://example.org/spire/agent/k8s_psat/demo/n1 "
                    + "selectors unix:uid:3 for web",
                "entries: 2 to change, 0 as they should be",
            ])
        #expect(server.calls == ["entries"])
        #expect(record.now == nil)
    }
}
