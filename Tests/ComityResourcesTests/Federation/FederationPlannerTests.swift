// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityResources
import ComityTesting
import SPIFFE
import Testing

@Suite struct FederationPlannerTests {
    private let planner = FederationPlanner()

    private func resource(
        _ name: String, _ domain: String, url: String = "https://a", bundle: SPIFFEBundle? = nil, more: String = "",
        created: Int = 0
    ) throws -> ClusterFederatedTrustDomain {
        try ClusterFederatedTrustDomain(
            json: try ResourceFixture.federatedTrustDomain(
                name, domain, url: url, bundle: bundle, more: more, created: created))
    }

    private func present(
        _ resource: ClusterFederatedTrustDomain, bundle: SPIFFEBundle? = nil
    ) throws -> FederationPlanner.Present {
        FederationPlanner.Present(relationship: try #require(resource.relationship), bundle: bundle)
    }

    private func owning(_ resources: ClusterFederatedTrustDomain...) -> FederationPlanner.Circumstances {
        var circumstances = FederationPlanner.Circumstances()
        circumstances.owned = Set(resources.map(\.trustDomain))
        return circumstances
    }

    @Test func makesChangesAndDeletes() throws {
        let (new, changed, gone) = (
            try resource("n", "n.test"), try resource("c", "c.test", url: "https://b"), try resource("g", "g.test")
        )
        let plan = planner.plan(
            declared: [new, changed], current: [try present(try resource("c", "c.test")), try present(gone)],
            owning(changed, gone))
        #expect(plan.creates.map(\.relationship) == [try #require(new.relationship)])
        #expect(plan.updates.map(\.relationship) == [try #require(changed.relationship)])
        #expect(plan.deletes == [gone.trustDomain])
        #expect(plan.inForce.keys.sorted() == [changed.trustDomain, new.trustDomain])
    }

    @Test func leavesAloneWhatOthersMadeAndWhatCannotBeRead() throws {
        let foreign = try resource("f", "f.test")
        let current = [try present(foreign)]
        #expect(planner.plan(declared: [], current: current).deletes.isEmpty)
        var upstream = planner
        upstream.deletesForeignRelationships = true
        #expect(upstream.plan(declared: [], current: current).deletes == [foreign.trustDomain])
        var circumstances = FederationPlanner.Circumstances()
        circumstances.unreadable = [foreign.trustDomain]
        #expect(upstream.plan(declared: [], current: current, circumstances).deletes.isEmpty)
    }

    @Test func deletesNothingWhenNotEverythingWasRead() throws {
        let gone = try resource("g", "g.test")
        var circumstances = owning(gone)
        circumstances.dissolvable = [gone.trustDomain]
        circumstances.hasReadAll = false
        let plan = planner.plan(declared: [], current: [try present(gone)], circumstances)
        #expect(plan.deletes.isEmpty && plan.dissolves.isEmpty)
        #expect(plan.withheld == [gone.trustDomain])
        #expect(plan.withholding == .incompleteRead)
    }

    @Test func deletesNoMoreAtOnceThanAllowed() throws {
        let gone = try (0..<6).map { try resource("\($0)", "\($0).test") }
        var circumstances = FederationPlanner.Circumstances()
        circumstances.owned = Set(gone.map(\.trustDomain))
        let current = try gone.map { try present($0) }
        let plan = planner.plan(declared: [], current: current, circumstances)
        #expect(plan.deletes.isEmpty && plan.withheld.count == 6)
        #expect(plan.withholding == .tooMany(allowed: 5))
        circumstances.ignoresDeletionLimit = true
        #expect(planner.plan(declared: [], current: current, circumstances).deletes.count == 6)
    }

    @Test func takesOverWhatIsJustAsDeclared() throws {
        let resource = try resource("r", "t.test")
        let plan = planner.plan(declared: [resource], current: [try present(resource)])
        #expect(plan.adoptions == [resource.trustDomain])
        #expect(plan.creates.isEmpty && plan.updates.isEmpty)
    }

    // MARK: - Conflicts

    @Test func theOldestOfTwoForOneTrustDomainWins() throws {
        let old = try resource("old", "t.test", created: 1)
        let young = try resource("young", "t.test", url: "https://b", created: 2)
        let plan = planner.plan(declared: [young, old], current: [])
        #expect(plan.creates.map(\.relationship) == [try #require(old.relationship)])
        #expect(plan.conflicts == ["young": .resource("old")])
    }

    @Test("S16: a relationship of the configuration file wins, and the text of the resource lets it begin")
    func theConfigurationFileWins() throws {
        let domain = try TrustDomain("t.test")
        let bundle = try SPIFFEBundle.fixture(of: domain)
        let resource = try resource("r", "t.test", bundle: bundle)
        var circumstances = FederationPlanner.Circumstances()
        circumstances.configured = [domain]
        var plan = planner.plan(declared: [resource], current: [], circumstances)
        #expect(plan.creates.isEmpty && plan.updates.isEmpty && plan.adoptions.isEmpty)
        #expect(plan.conflicts == ["r": .configuration])
        #expect(plan.bundles == [bundle])
        circumstances.bundles = [domain: try .fixture(of: domain, keys: ["stored"])]
        plan = planner.plan(declared: [resource], current: [], circumstances)
        #expect(plan.bundles.isEmpty)
    }

    @Test func leavesToOthersWhatTheyClaimedOrMadeOtherwise() throws {
        let resource = try resource("r", "t.test")
        var circumstances = FederationPlanner.Circumstances()
        let other = [try present(try self.resource("r", "t.test", url: "https://b"))]
        #expect(planner.plan(declared: [resource], current: other).conflicts == ["r": .relationship])
        circumstances.claimedByOthers = [resource.trustDomain]
        let plan = planner.plan(declared: [resource], current: [], circumstances)
        #expect(plan.conflicts == ["r": .controller])
        #expect(plan.creates.isEmpty && plan.inForce.isEmpty)
    }

    // MARK: - Bundles

    @Test("S24, C26: the text of a resource is taken over what is stored only when it is newer")
    func neverRollsABundleBack() throws {
        let domain = try TrustDomain("t.test")
        func bundle(_ sequence: UInt64?) throws -> SPIFFEBundle {
            try .fixture(of: domain, keys: ["k\(sequence ?? 0)"], sequence: sequence)
        }
        for (text, stored, isTaken) in [(1, nil, true), (1, 1, false), (1, 2, false), (2, 1, true), (nil, 1, false)]
            as [(UInt64?, UInt64?, Bool)]
        {
            let resource = try resource("r", "t.test", bundle: try bundle(text))
            let storedBundle = try stored.map { try bundle($0) }
            let plan = planner.plan(
                declared: [resource], current: [try present(resource, bundle: storedBundle)], owning(resource))
            #expect(
                plan.bundles.count == (isTaken ? 1 : 0),
                "\(String(describing: text)) over \(String(describing: stored))")
            #expect(plan.updates.isEmpty)
        }
    }

    @Test("C26: an edited text is sent along, or alone") func sendsAnEditedText() throws {
        let domain = try TrustDomain("t.test")
        let (old, new) = (try SPIFFEBundle.fixture(of: domain), try SPIFFEBundle.fixture(of: domain, keys: ["b"]))
        let resource = try resource("r", "t.test", bundle: new)
        var circumstances = owning(resource)
        circumstances.remembered = ["r": old.digest]
        let current = [try present(resource, bundle: old)]
        #expect(planner.plan(declared: [resource], current: current, circumstances).bundles == [new])
        let moved = try self.resource("r", "t.test", url: "https://b", bundle: new)
        let plan = planner.plan(declared: [moved], current: current, circumstances)
        #expect(plan.updates.map(\.bundle) == [new])
        #expect(plan.bundles.isEmpty)
    }

    @Test func bundleWithoutAnEndpointNeedsNoRelationship() throws {
        let domain = try TrustDomain("t.test")
        let bundle = try SPIFFEBundle.fixture(of: domain)
        let text = JSONValue.string(String(decoding: bundle.document(), as: UTF8.self))
        let resource = try ClusterFederatedTrustDomain(
            json: try ResourceFixture.object("r", "\"trustDomain\": \"t.test\", \"trustDomainBundle\": \(text)"))
        #expect(planner.plan(declared: [resource], current: []).bundles == [bundle])
        // It had an endpoint before.
        let before = try self.resource("r", "t.test")
        var circumstances = owning(before)
        circumstances.bundles = [domain: bundle]
        let plan = planner.plan(declared: [resource], current: [try present(before, bundle: bundle)], circumstances)
        #expect(plan.deletes == [domain])
        #expect(plan.bundles.isEmpty && plan.creates.isEmpty && plan.updates.isEmpty)
    }

    @Test func aBundleGoesWithItsResourceOnlyWhenThatSaidSo() throws {
        let resource = try resource("r", "t.test", more: ", \"onDelete\": \"dissolve\"")
        var circumstances = owning(resource)
        #expect(planner.plan(declared: [resource], current: [], circumstances).dissolvable == [resource.trustDomain])
        circumstances.dissolvable = [resource.trustDomain]
        #expect(planner.plan(declared: [resource], current: [], circumstances).dissolves.isEmpty)
        #expect(planner.plan(declared: [], current: [], circumstances).dissolves == [resource.trustDomain])
        circumstances.dissolvable = []
        #expect(planner.plan(declared: [], current: [], circumstances).dissolves.isEmpty)
    }
}
