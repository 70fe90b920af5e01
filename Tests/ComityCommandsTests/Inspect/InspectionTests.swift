// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import FoundationEssentials
import SPIFFE
import Testing

@testable import ComityCommands

@Suite struct InspectionTests {
    private let ca: TestCA
    private let trusted: SPIFFEBundle

    init() throws {
        ca = try TestCA("example.org")
        trusted = try ca.bundle
    }

    @Test func x509IsValidByItsOwnBundleOnly() throws {
        let svid = try ca.leaf("/web").unverified()
        #expect(Inspection(svid, bundle: trusted, at: TestTime.now).isValid)
        let stranger = try TestCA("example.org").bundle
        #expect(!Inspection(svid, bundle: stranger, at: TestTime.now).isValid)
        let other = try TestCA("beta.test").bundle
        #expect(!Inspection(svid, bundle: other, at: TestTime.now).isValid)
        #expect(!Inspection(svid, bundle: trusted, at: TestTime.future + 1_000_000).isValid)
    }

    @Test func withoutABundleNothingIsClaimed() throws {
        let inspection = Inspection(try ca.leaf("/web").unverified(), bundle: nil, at: TestTime.now)
        #expect(inspection.json["valid"] == nil)
        #expect(inspection.json["spiffe_id"] == "spiffe://example.org/web")
        #expect(inspection.text.contains("Verdict           : not checked: "))
    }

    @Test func jwtIsValidForItsAudienceOnly() throws {
        let key = try TestJWTKey()
        let token = try key.token(claims: ["sub": "spiffe://example.org/web", "aud": ["db"], "exp": 1_767_229_200])
        let bundle = SPIFFEBundle(trustDomain: ca.trustDomain, jwtAuthorities: [key.authority])
        let svid = try UnverifiedJWTSVID(token: token)
        #expect(Inspection(svid, bundle: bundle, audience: ["db"], at: TestTime.now).isValid)
        let refused = Inspection(svid, bundle: bundle, audience: ["web"], at: TestTime.now)
        #expect(!refused.isValid)
        // A token is a secret.
        #expect(!refused.text.contains(token))
    }

    @Test func bundleIsValidWhileAnAuthorityIs() throws {
        let bytes = trusted.document()
        #expect(Inspection(bundle: bytes, of: ca.trustDomain, at: TestTime.now).isValid)
        #expect(!Inspection(bundle: bytes, of: nil, at: TestTime.future + 1_000_000).isValid)
        #expect(!Inspection(bundle: Array(#"{"keys": []}"#.utf8), of: nil, at: TestTime.now).isValid)
        #expect(!Inspection(bundle: Array(bytes.dropLast(9)), of: nil, at: TestTime.now).isValid)
    }

    @Test func bundleMapIsAsGoodAsItsWorstBundle() throws {
        let other = try TestCA("beta.test").bundle
        let map = BundleSet([trusted, other]).bundleMap()
        let inspection = Inspection(bundleMap: map, at: TestTime.now)
        #expect(inspection.isValid)
        #expect(inspection.text.contains("Trust domain      : beta.test, 1 X.509 authorities, 0 JWT authorities\n"))
        #expect(!Inspection(bundleMap: map, at: TestTime.future + 1_000_000).isValid)
        let revoked = BundleSet([trusted, SPIFFEBundle(trustDomain: other.trustDomain)]).bundleMap()
        #expect(Inspection(bundleMap: revoked, at: TestTime.now).text.contains("not valid: bundle of beta.test: "))
        #expect(!Inspection(bundleMap: Array(map.dropLast(9)), at: TestTime.now).isValid)
    }

    @Test(arguments: [("spiffe://example.org/web", true), ("spiffe://Example.org", false), ("", false)])
    func idFollowsTheStandard(_ text: String, _ isValid: Bool) {
        #expect(Inspection(id: text).isValid == isValid)
    }
}
