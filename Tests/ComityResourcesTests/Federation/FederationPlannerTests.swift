// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityResources
import ComityTesting
import SPIFFE
import Testing

@Suite struct FederationPlannerTests {
    private let planner = FederationPlanner()

    private func resource(
        _ name: String, _ domain: String, url: String = "https://a", bundle: SPIFFEBundle? = nil, created: Int = 0
    ) throws -> ClusterFederatedTrustDomain {
        let text = bundle.map { bundle in
            let document = String(decoding: bundle.document(), as: UTF8.self)
            return
                ", \"trustDomainBundle\": \"\(document.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n"))\""
        }
        return try ClusterFederatedTrustDomain(
            json: try ResourceFixture.object(
                name,
                """
                "trustDomain": "\(domain)", "bundleEndpointURL": "\(url)", "bundleEndpointProfile": {"type": "https_web"}\(text ?? "")
                """, created: created))
    }

    private func present(
        _ resource: ClusterFederatedTrustDomain, bundle: SPIFFEBundle? = nil
    ) -> FederationPlanner.Present {
        FederationPlanner.Present(relationship: resource.relationship, bundle: bundle)
    }

    @Test func makesChangesAndDeletes() throws {
        let (new, changed, gone) = (
            try resource("n", "n.test"), try resource("c", "c.test", url: "https://b"), try resource("g", "g.test")
        )
        var circumstances = FederationPlanner.Circumstances()
        circumstances.owned = [gone.relationship.trustDomain]
        let plan = planner.plan(
            declared: [new, changed], current: [present(try resource("c", "c.test")), present(gone)], circumstances)
        #expect(plan.creates.map(\.relationship) == [new.relationship])
        #expect(plan.updates.map(\.relationship) == [changed.relationship])
        #expect(plan.deletes == [gone.relationship.trustDomain])
    }

    @Test func leavesAloneWhatOthersMadeAndWhatCannotBeRead() throws {
        let foreign = try resource("f", "f.test")
        #expect(planner.plan(declared: [], current: [present(foreign)]).deletes.isEmpty)
        var upstream = planner
        upstream.deletesForeignRelationships = true
        #expect(upstream.plan(declared: [], current: [present(foreign)]).deletes == [foreign.relationship.trustDomain])
        var circumstances = FederationPlanner.Circumstances()
        circumstances.unreadable = [foreign.relationship.trustDomain]
        #expect(upstream.plan(declared: [], current: [present(foreign)], circumstances).deletes.isEmpty)
    }

    @Test func deletesNothingWhenNotEverythingWasRead() throws {
        let gone = try resource("g", "g.test")
        var circumstances = FederationPlanner.Circumstances()
        circumstances.owned = [gone.relationship.trustDomain]
        circumstances.hasReadAll = false
        let plan = planner.plan(declared: [], current: [present(gone)], circumstances)
        #expect(plan.deletes.isEmpty)
        #expect(plan.withheld == [gone.relationship.trustDomain])
    }

    @Test func theOldestOfTwoForOneTrustDomainWins() throws {
        let old = try resource("old", "t.test", created: 1)
        let young = try resource("young", "t.test", url: "https://b", created: 2)
        let plan = planner.plan(declared: [young, old], current: [])
        #expect(plan.creates.map(\.relationship) == [old.relationship])
        #expect(plan.conflicts == ["young": "old"])
    }

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
            let plan = planner.plan(declared: [resource], current: [present(resource, bundle: storedBundle)])
            #expect(
                plan.bundles.count == (isTaken ? 1 : 0),
                "\(String(describing: text)) over \(String(describing: stored))")
            #expect(plan.updates.isEmpty)
        }
    }
}
