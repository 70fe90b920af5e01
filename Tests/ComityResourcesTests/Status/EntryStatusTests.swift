// SPDX-License-Identifier: Apache-2.0

import ComityResources
import ComityTesting
import SPIFFE
import Testing

@Suite struct EntryStatusTests {
    private let object: JSONValue
    private let failure = ClusterSPIFFEIDFacts.Failure(pod: "shop/web", reason: "no such label")

    init() throws {
        object = try ResourceFixture.object("a", "")
    }

    private func status(_ facts: ClusterSPIFFEIDFacts) throws -> JSONValue {
        try #require(ClusterSPIFFEIDStatus(facts, at: TestTime.now).update(of: object)?.patch["status"])
    }

    private var working: ClusterSPIFFEIDFacts {
        var facts = ClusterSPIFFEIDFacts(.inForce)
        facts.selection.namespacesSelected = 2
        facts.selection.podsSelected = 5
        facts.entriesToSet = 4
        facts.selection.podsFinished = 1
        return facts
    }

    @Test("S33: counts upstream's seven and our two") func counts() throws {
        let status = try status(working)
        #expect(status.conditions == ["Ready": "True EntriesSet", "Selected": "True ClassMatches"])
        #expect(
            status["stats"]
                == [
                    "namespacesSelected": 2, "namespacesIgnored": 0, "podsSelected": 5, "podEntryRenderFailures": 0,
                    "entriesMasked": 0, "entriesToSet": 4, "entryFailures": 0, "podsFinished": 1, "podsUnscheduled": 0,
                ])
        #expect(status["failures"] == nil)
    }

    static let cases: [(change: @Sendable (inout ClusterSPIFFEIDFacts) -> Void, ready: String, text: String)] = [
        (
            { $0.selection.namespacesSelected = 0 }, "True NothingSelected",
            "spec.namespaceSelector selects no namespace"
        ),
        ({ $0.selection.podsSelected = 0 }, "True NothingSelected", "spec.podSelector selects no pod in 2 namespaces"),
        (
            {
                $0.selection.podsSelected = 0
                $0.selection.namespacesIgnored = 1
            }, "True NothingSelected", "1 of which ignoreNamespaces passes over"
        ),
        (
            {
                $0.selection.renderFailures = 1
                $0.selection.firstFailures = [.init(pod: "shop/web", reason: "no such label")]
            }, "False TemplateFailed", "1 pod cannot get an identity, the first shop/web: no such label"
        ),
        (
            {
                $0.entryFailures = 2
                $0.firstEntryFailures = [.init(pod: "shop/web", reason: "invalid DNS name")]
            }, "False ServerRefused", "the server refused 2 entries, the first shop/web: invalid DNS name"
        ),
        (
            { if let domain = try? TrustDomain("two.test") { $0.awaitedBundles = [domain] } },
            "False BundleAwaited", "no bundle of \"two.test\" yet"
        ),
        (
            { $0.standing = .refused(ResourceError(.invalid, "spec.ttl is wrong")) }, "False Invalid",
            "spec.ttl is wrong"
        ),
    ]

    @Test("S40: why pods have no entry or no trust is said", arguments: 0..<7) func saysWhy(index: Int) throws {
        var facts = working
        Self.cases[index].change(&facts)
        let status = try status(facts)
        #expect(status.conditions["Ready"] == Self.cases[index].ready)
        #expect(status.message("Ready")?.contains(Self.cases[index].text) == true, "\(status)")
    }

    @Test func namesTheFirstTenFailures() throws {
        var facts = working
        facts.firstEntryFailures = [failure]
        facts.selection.firstFailures = (0..<10).map { .init(pod: "shop/\($0)", reason: "r") }
        facts.selection.renderFailures = 50
        let failures = try #require(try status(facts)["failures"]?.array)
        #expect(failures.count == 10)
        #expect(failures.first == ["pod": "shop/web", "reason": "no such label"])
    }

    @Test(arguments: [
        (ClusterStaticEntryStatus.Standing.set, "True EntrySet", [true, false, true]),
        (.failed("no"), "False ServerRefused", [true, false, false]),
        (.masked(by: "a"), "False Masked", [true, true, false]),
        (.refused(ResourceError(.invalid, "no")), "False Invalid", [false, false, false]),
    ])
    func tellsOfAStaticEntry(standing: ClusterStaticEntryStatus.Standing, ready: String, flags: [Bool]) throws {
        let update = ClusterStaticEntryStatus(standing, at: TestTime.now).update(of: object)
        let status = try #require(update?.patch["status"])
        #expect(status.conditions["Ready"] == ready)
        #expect(["rendered", "masked", "set"].map { status[$0]?.bool } == flags)
    }
}
