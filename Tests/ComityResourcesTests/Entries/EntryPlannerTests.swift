// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityResources
import SPIFFE
import Testing

@Suite struct EntryPlannerTests {
    private let planner = EntryPlanner(clusterName: "east")

    private func owning(_ entries: [Entry]) -> EntryPlanner.Circumstances {
        var circumstances = EntryPlanner.Circumstances()
        circumstances.owned = Set(entries.map(\.id))
        return circumstances
    }

    @Test func makesWhatIsMissingAndTakesAwayWhatNobodyDeclares() throws {
        let old = try ResourceFixture.entry("/old", id: "1")
        let plan = planner.plan(declared: [try ResourceFixture.declared("/new")], current: [old], owning([old]))
        #expect(plan.creates.map(\.entry.spiffeID.path) == ["/new"])
        #expect(plan.deletes == [old])
        #expect(plan.updates.isEmpty && plan.withheld.isEmpty)
    }

    @Test func leavesAloneWhatOthersMade() throws {
        let foreign = try ResourceFixture.entry("/old", id: "1")
        #expect(planner.plan(declared: [], current: [foreign]) == EntryPlan())
        var upstream = planner
        upstream.deletesForeignEntries = true
        #expect(upstream.plan(declared: [], current: [foreign]).deletes == [foreign])
    }

    @Test func keepsTheAliasesOfJoinTokens() throws {
        let alias = try ResourceFixture.entry(
            "/node", id: "1", parent: "/spire/agent/join_token/t",
            selectors: ["spiffe_id:spiffe://one.test/spire/agent/join_token/t"])
        var upstream = planner
        upstream.deletesForeignEntries = true
        upstream.cleanupPrefix = ""
        #expect(upstream.plan(declared: [], current: [alias]).deletes.isEmpty)
    }

    static let changes: [@Sendable (inout Entry) -> Void] = [
        { $0.x509SVIDTTL = 9 }, { $0.jwtSVIDTTL = 9 }, { $0.isAdmin = true }, { $0.isDownstream = true },
        { $0.hint = "h" }, { $0.storesSVID = true }, { $0.dnsNames = ["a"] },
        { entry in if let domain = try? TrustDomain("two.test") { entry.federatesWith = [domain] } },
    ]

    @Test(arguments: 0..<8)
    func changesWhatDiffers(index: Int) throws {
        let current = try ResourceFixture.entry("/a", id: "1")
        var declared = try ResourceFixture.declared("/a")
        #expect(planner.plan(declared: [declared], current: [current], owning([current])).updates.isEmpty)
        Self.changes[index](&declared.entry)
        let plan = planner.plan(declared: [declared], current: [current], owning([current]))
        #expect(plan.updates == [EntryPlan.Update(current: current, declared: declared)])
        #expect(plan.creates.isEmpty && plan.deletes.isEmpty)
    }

    @Test func namesInAnotherOrderAreNoChange() throws {
        var current = try ResourceFixture.entry("/a", id: "1")
        current.dnsNames = ["a", "b"]
        var declared = try ResourceFixture.declared("/a")
        declared.entry.dnsNames = ["b", "a"]
        #expect(planner.plan(declared: [declared], current: [current], owning([current])).updates.isEmpty)
    }

    @Test func theOldestResourceWinsAndTheOthersAreMasked() throws {
        let young = try ResourceFixture.declared("/a", by: "young", created: 9)
        let old = try ResourceFixture.declared("/a", by: "old", created: 1)
        let plan = planner.plan(declared: [young, old], current: [])
        #expect(plan.creates == [old])
        #expect(plan.masked == [young])
    }

    @Test func theSameEntryTwiceIsOneTooMany() throws {
        let (first, second) = (try ResourceFixture.entry("/a", id: "1"), try ResourceFixture.entry("/a", id: "2"))
        let plan = planner.plan(
            declared: [try ResourceFixture.declared("/a")], current: [second, first], owning([first, second]))
        #expect(plan.unchanged.map(\.current) == [first])
        #expect(plan.deletes == [second])
    }

    @Test func deletesNothingWhenNotEverythingWasRead() throws {
        let old = try ResourceFixture.entry("/old", id: "1")
        var circumstances = owning([old])
        circumstances.hasReadAll = false
        let plan = planner.plan(declared: [try ResourceFixture.declared("/new")], current: [old], circumstances)
        #expect(plan.deletes.isEmpty)
        #expect(plan.withheld == [old])
        #expect(plan.withholding == .incompleteRead)
        #expect(plan.creates.count == 1)
    }

    @Test(arguments: [(20, 20, true), (21, 21, false), (100, 50, true), (100, 51, false)])
    func refusesToDeleteTooManyAtOnce(ours: Int, undeclared: Int, goes: Bool) throws {
        let current = try (0..<ours).map { try ResourceFixture.entry("/e\($0)", id: "id\($0)") }
        let declared = try (undeclared..<ours).map { try ResourceFixture.declared("/e\($0)") }
        var circumstances = owning(current)
        let plan = planner.plan(declared: declared, current: current, circumstances)
        #expect(plan.deletes.count == (goes ? undeclared : 0))
        #expect(plan.withheld.count == (goes ? 0 : undeclared))
        circumstances.ignoresDeletionLimit = true
        #expect(planner.plan(declared: declared, current: current, circumstances).deletes.count == undeclared)
    }

    @Test func aPrefixTellsWhoseAnEntryIs() throws {
        var prefixed = EntryPlanner(clusterName: "east", idPrefix: "east")
        let ours = try ResourceFixture.entry("/a", id: "east.1")
        let theirs = try ResourceFixture.entry("/b", id: "west.1")
        let plain = try ResourceFixture.entry("/c", id: "9b1c")
        #expect(prefixed.idPrefix == "east.")
        #expect(prefixed.plan(declared: [], current: [ours, theirs, plain]).deletes == [ours])
        prefixed.cleanupPrefix = ""
        #expect(prefixed.plan(declared: [], current: [ours, theirs, plain]).deletes == [plain, ours])
        prefixed.cleanupPrefix = "west."
        #expect(prefixed.plan(declared: [], current: [ours, theirs, plain]).deletes == [ours, theirs])
    }

    @Test func takesOverWhatAControllerOfThisClusterMade() throws {
        #expect(planner.isAdoptable(try ResourceFixture.entry("/a")))
        #expect(!planner.isAdoptable(try ResourceFixture.entry("/a", parent: "/spire/agent/k8s_psat/west/n")))
        #expect(!planner.isAdoptable(try ResourceFixture.entry("/a", selectors: ["k8s:ns:shop"])))
    }
}
