// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityResources
import ComityTesting
import FoundationEssentials
import SPIFFE
import Testing

@Suite struct FederatedTrustDomainStatusTests {
    private let two: TrustDomain
    private let bundle: SPIFFEBundle
    private let resource: ClusterFederatedTrustDomain
    private let object: JSONValue

    init() throws {
        two = try TrustDomain("two.test")
        var bundle = try TestCA("two.test").bundle
        bundle.sequenceNumber = 7
        bundle.refreshHint = 300
        self.bundle = bundle
        object = try ResourceFixture.federatedTrustDomain("b", "two.test")
        resource = try ClusterFederatedTrustDomain(json: object)
    }

    private func polling(
        success: Int? = nil, failure: FederationFailure? = nil, failures: UInt32 = 0
    ) -> FederationStatus {
        var status = FederationStatus(trustDomain: two)
        status.lastSuccess = success.map { TestTime.now.addingTimeInterval(TimeInterval($0)) }
        status.lastAttempt = TestTime.now
        status.nextAttempt = TestTime.now.addingTimeInterval(75)
        status.lastFailure = failure
        status.consecutiveFailures = failures
        return status
    }

    private var fresh: FederatedTrustDomainFacts {
        var facts = FederatedTrustDomainFacts(.inForce, resource: resource)
        facts.bundle = bundle
        facts.polling = polling(success: 0)
        return facts
    }

    private func status(_ facts: FederatedTrustDomainFacts, at now: Date = TestTime.now) throws -> JSONValue {
        try #require(FederatedTrustDomainStatus(facts, at: now).update(of: object)?.patch["status"])
    }

    /// The object after its status was written.
    private func object(_ facts: FederatedTrustDomainFacts, at now: Date = TestTime.now) throws -> JSONValue {
        var object = try #require(object.object)
        object["status"] = try status(facts, at: now)
        return .object(object)
    }

    // MARK: - Conditions

    @Test("S8: a fresh bundle is told with its times, keys and digests") func tellsOfAFreshBundle() throws {
        var facts = fresh
        facts.polling?.lastChange = TestTime.now.addingTimeInterval(-60)
        let status = try status(facts)
        #expect(
            status.conditions == [
                "Ready": "True Fresh", "Selected": "True ClassMatches", "Conflict": "False None",
                "BundleAvailable": "True Stored", "EndpointReachable": "True Reached",
            ])
        #expect(status["observedGeneration"] == 3)
        #expect(status["lastRefreshTime"] == "2026-01-01T00:00:00Z")
        #expect(status["nextRefreshTime"] == "2026-01-01T00:01:15Z")
        #expect(status["lastChangeTime"] == "2025-12-31T23:59:00Z")
        #expect(status["sequence"] == 7)
        #expect(status["refreshHintSeconds"] == 300)
        #expect(status["usableUntil"] == "2049-12-31T00:00:00Z")
        #expect(status["effectiveBundleDigest"] == .string(bundle.digest))
        let authority = try #require(status["authorities"]?.array?.first)
        #expect(authority["type"] == "x509" && authority["expiresAt"] == "2049-12-31T00:00:00Z")
        #expect(status["lastError"] == nil && status["warnings"] == nil)
    }

    @Test("S39: each class of failure is told apart, with what to do", arguments: FederationFailure.Class.allCases)
    func tellsAFailureWithItsCure(failureClass: FederationFailure.Class) throws {
        var facts = fresh
        facts.polling = polling(failure: FederationFailure(failureClass, "it did not work"), failures: 1)
        let status = try status(facts)
        #expect(status.conditions["EndpointReachable"] == "False \(failureClass.reason)")
        #expect(status.conditions["Ready"] == "False \(failureClass.reason)")
        #expect(status["lastError"]?["class"] == .string(failureClass.rawValue))
        #expect(status["lastError"]?["message"] == "it did not work")
        #expect(status["lastError"]?["cure"] == .string(failureClass.cure))
        #expect(status["lastError"]?["time"] == "2026-01-01T00:00:00Z")
        let others = FederationFailure.Class.allCases.filter { $0 != failureClass }
        #expect(!others.contains { $0.reason == failureClass.reason || $0.cure == failureClass.cure })
    }

    @Test func oneMissedPollOfManyIsNoEndOfTrust() throws {
        var facts = fresh
        let failure = FederationFailure(.connect, "refused")
        facts.polling = polling(success: -75, failure: failure, failures: 1)
        #expect(try status(facts).conditions["Ready"] == "True Fresh")
        #expect(try status(facts).conditions["EndpointReachable"] == "False ConnectFailed")
        facts.polling = polling(success: -300, failure: failure, failures: 3)
        #expect(try status(facts).conditions["Ready"] == "False ConnectFailed")
    }

    @Test("S12: without a bundle nothing is trusted, and what to do is said") func asksForABundle() throws {
        var facts = fresh
        facts.bundle = nil
        facts.polling = polling(failure: FederationFailure(.noBundle, "no bundle"), failures: 1)
        let status = try status(facts)
        #expect(status.conditions["Ready"] == "False NoBundle")
        #expect(status.conditions["BundleAvailable"] == "False NoBundle")
        #expect(status.message("Ready")?.contains("spec.trustDomainBundle") == true)
        #expect(status["authorities"] == nil && status["usableUntil"] == nil)
    }

    @Test func bundleWhoseAuthoritiesHaveEndedIsNone() throws {
        let status = try status(fresh, at: TestTime.future)
        #expect(status.conditions["Ready"] == "False BundleExpired")
        #expect(status.message("BundleAvailable")?.contains("2049-12-31T00:00:00Z") == true)
    }

    @Test(arguments: [
        (FederationConflict.resource("a"), "OlderResource"), (.configuration, "ServerConfiguration"),
        (.controller, "AnotherController"), (.relationship, "AnotherRelationship"),
    ])
    func tellsOfAConflict(conflict: FederationConflict, reason: String) throws {
        var facts = fresh
        facts.standing = .conflict(conflict)
        let status = try status(facts)
        #expect(status.conditions["Conflict"] == "True \(reason)")
        #expect(status.conditions["Ready"] == "False \(reason)")
        #expect(status.message("Conflict") == conflict.description)
    }

    @Test func whatCannotBeUsedSaysWhyAndWhatStays() throws {
        var facts = FederatedTrustDomainFacts(.refused(ResourceError(.invalid, "spec.x is wrong")))
        facts.bundle = bundle
        var status = try status(facts)
        #expect(status.conditions["Ready"] == "False Invalid")
        #expect(status.message("Ready") == "spec.x is wrong; what was in force before stays so")
        #expect(status.conditions["BundleAvailable"] == "True Stored")
        facts.standing = .failed("unable to create federation relationship for server trust domain")
        status = try self.status(facts)
        #expect(status.conditions["Ready"] == "False ServerRefused")
    }

    @Test func tellsWhatAServerOfSPIRECannotTell() throws {
        var facts = fresh
        (facts.polling, facts.tellsPolling) = (nil, false)
        let status = try status(facts)
        #expect(status.conditions["Ready"] == "True BundleStored")
        #expect(status.conditions["EndpointReachable"] == "Unknown NotTold")
        facts.tellsPolling = true
        #expect(try self.status(facts).conditions["Ready"] == "Unknown Pending")
    }

    @Test func bundleWithoutAnEndpointIsReadyAsItIs() throws {
        let json = try ResourceFixture.object(
            "b",
            """
            "trustDomain": "two.test",
            "trustDomainBundleFrom": {"secretKeyRef": {"namespace": "n", "name": "s", "key": "k"}}
            """)
        let text = String(decoding: bundle.document(), as: UTF8.self)
        var facts = FederatedTrustDomainFacts(
            .inForce, resource: try ClusterFederatedTrustDomain(json: json).taking(bundle: text))
        facts.bundle = bundle
        let status = try status(facts)
        #expect(status.conditions["Ready"] == "True BundleDeclared")
        #expect(status.conditions["EndpointReachable"] == "Unknown NoEndpoint")
        #expect(status["declaredBundleDigest"] == status["effectiveBundleDigest"])
    }

    // MARK: - Writing

    @Test func conditionsKeepTheTimeOfTheirLastChange() throws {
        let later = TestTime.now.addingTimeInterval(3600)
        let before = try object(fresh)
        var facts = fresh
        facts.polling = polling(success: -600, failure: FederationFailure(.dns, "no such host"), failures: 9)
        let update = try #require(FederatedTrustDomainStatus(facts, at: later).update(of: before))
        let conditions = try #require(update.patch["status"]?["conditions"]?.array)
        let times = conditions.reduce(into: [:]) { $0[$1["type"]?.string ?? ""] = $1["lastTransitionTime"]?.string }
        #expect(times["Ready"] == "2026-01-01T01:00:00Z")
        #expect(times["BundleAvailable"] == "2026-01-01T00:00:00Z")
    }

    @Test func writesOnlyWhatIsNew() throws {
        let written = try object(fresh)
        #expect(FederatedTrustDomainStatus(fresh, at: TestTime.now.addingTimeInterval(9)).update(of: written) == nil)
        // A poll that brought nothing new is worth a write now and then, not each time.
        var polled = fresh
        polled.polling?.lastSuccess = TestTime.now.addingTimeInterval(15)
        #expect(FederatedTrustDomainStatus(polled, at: TestTime.now).update(of: written) == nil)
        polled.polling?.lastSuccess = TestTime.now.addingTimeInterval(75)
        let update = try #require(FederatedTrustDomainStatus(polled, at: TestTime.now).update(of: written))
        #expect(update.patch == ["status": ["lastRefreshTime": "2026-01-01T00:01:15Z"]])
        #expect(update.events.isEmpty)
    }

    @Test func recoveryTakesTheErrorAway() throws {
        var failing = fresh
        failing.polling = polling(failure: FederationFailure(.dns, "no such host"), failures: 1)
        let update = try #require(
            FederatedTrustDomainStatus(fresh, at: TestTime.now).update(of: try object(failing)))
        #expect(update.patch["status"]?["lastError"] == .null)
        #expect(update.events == [ResourceEvent(isWarning: false, "Fresh", "the endpoint brings the bundle")])
    }

    @Test func conditionsOfOthersStay() throws {
        var object = try #require(object.object)
        let other: JSONValue = ["type": "Audited", "status": "True"]
        object["status"] = ["conditions": [other]]
        let update = FederatedTrustDomainStatus(fresh, at: TestTime.now).update(of: .object(object))
        #expect(update?.patch["status"]?["conditions"]?.array?.contains(other) == true)
    }

    // MARK: - Events

    @Test func tellsAFailureOnceAndAChangedBundle() throws {
        let written = try object(fresh)
        var facts = fresh
        facts.polling = polling(failure: FederationFailure(.dns, "no such host"), failures: 1)
        facts.bundle?.sequenceNumber = 8
        let update = try #require(FederatedTrustDomainStatus(facts, at: TestTime.now).update(of: written))
        #expect(update.events.map(\.reason) == ["DNSFailed", "BundleChanged"])
        #expect(update.events.map(\.type) == ["Warning", "Normal"])
        #expect(FederatedTrustDomainStatus(facts, at: TestTime.now).update(of: try object(facts))?.events == nil)
    }

    @Test func tellsEachWarningOnce() throws {
        let json = try ResourceFixture.federatedTrustDomain(
            "b", "two.test", more: ", \"bundleEndpointUrl\": \"https://a\"")
        var facts = fresh
        facts.resource = try ClusterFederatedTrustDomain(json: json)
        let warning = "spec.bundleEndpointUrl should be bundleEndpointURL"
        let update = try #require(FederatedTrustDomainStatus(facts, at: TestTime.now).update(of: try object(fresh)))
        #expect(update.patch == ["status": ["warnings": [.string(warning)]]])
        #expect(update.events == [ResourceEvent(isWarning: true, "Noticed", warning)])
        #expect(FederatedTrustDomainStatus(facts, at: TestTime.now).update(of: try object(facts)) == nil)
    }

    // MARK: - Classes

    @Test("C11: a resource that no class selects is told, unless another controller has it")
    func tellsOfAMissingClass() throws {
        let facts = FederatedTrustDomainFacts(.unselected("it names no class"))
        let update = try #require(FederatedTrustDomainStatus(facts, at: TestTime.now).update(of: object))
        #expect(update.patch["status"]?.conditions == ["Ready": "False NotSelected", "Selected": "False NotSelected"])
        #expect(update.events.map(\.reason) == ["NotSelected"])
        #expect(FederatedTrustDomainStatus(facts, at: TestTime.now).update(of: try object(fresh)) == nil)
        // Its class was changed since another controller handled it.
        var object = try #require(try object(fresh).object)
        object["metadata"] = ["name": "b", "generation": 4]
        let changed = FederatedTrustDomainStatus(facts, at: TestTime.now).update(of: .object(object))
        #expect(changed?.patch["status"]?["authorities"] == .null)
    }
}

extension JSONValue {
    /// State and reason of each condition.
    var conditions: [String: String] {
        (self["conditions"]?.array ?? []).reduce(into: [:]) {
            $0[$1["type"]?.string ?? ""] = "\($1["status"]?.string ?? "") \($1["reason"]?.string ?? "")"
        }
    }

    func message(_ kind: String) -> String? {
        self["conditions"]?.array?.first { $0["type"]?.string == kind }?["message"]?.string
    }
}
