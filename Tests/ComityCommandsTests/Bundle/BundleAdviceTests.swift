// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import SPIFFE
import Testing

@testable import ComityCommands

@Suite struct BundleAdviceTests {
    private let advice: BundleAdvice

    init() throws {
        let ca = try TestCA("beta.test") { $0.notAfter = TestTime.now }
        advice = BundleAdvice(bundle: try ca.bundle, of: ca.trustDomain)
    }

    @Test("S70: a bundle that nothing refreshes has a warning that says until when it serves")
    func warnsOfAnAgeingBundle() {
        #expect(
            advice.warning(.none) == """
                nothing refreshes this bundle; its first authority ends at 2026-01-01T00:00:00Z, and SVIDs of newer \
                authorities fail before: repeat bundle set, or use federation create
                """)
    }

    @Test("S70: a bundle with a relationship needs no warning")
    func isSilentWithARelationship() {
        #expect(advice.warning(.relationship) == nil)
    }

    @Test("S70: where the server cannot tell of its file, the warning is conditional")
    func isConditionalWhenTheServerCannotTell() {
        #expect(
            advice.warning(.unknown)?.hasPrefix(
                "unless the server's configuration file names beta.test, nothing refreshes this bundle; its first")
                == true)
    }

    @Test func aBundleWithoutX509AuthoritiesHasNoKnownEnd() throws {
        let trustDomain = try TrustDomain("beta.test")
        let keysOnly = BundleAdvice(bundle: try .fixture(of: trustDomain), of: trustDomain)
        #expect(
            keysOnly.warning(.none)
                == "nothing refreshes this bundle: repeat bundle set, or use federation create")
    }

    @Test("C23: the hint names the step after: entries that federate")
    func namesTheNextStep() {
        #expect(
            advice.nextStep == """
                workloads get this bundle when their entry names the trust domain: entry create … -federatesWith \
                spiffe://beta.test
                """)
    }
}
