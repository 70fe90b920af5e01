// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import SPIFFE
import Testing

@Suite struct RelationshipPolicyTests {
    private let policy: RelationshipPolicy

    init() throws {
        policy = RelationshipPolicy(trustDomain: try TrustDomain("example.org"))
    }

    private func relationship(
        _ trustDomain: String = "other.test", url: String = "https://other.test:8443/bundle",
        profile: FederationRelationship.Profile = .httpsWeb
    ) throws -> FederationRelationship {
        FederationRelationship(
            trustDomain: try TrustDomain(trustDomain), bundleEndpointURL: url, profile: profile)
    }

    @Test(
        "FED-18, FED-32: the URL is https without user info, in both profiles",
        arguments: [
            ("http://other.test", "bundle endpoint URL must use the https scheme"),
            ("spiffe://other.test", "bundle endpoint URL must use the https scheme"),
            ("other.test", "bundle endpoint URL must use the https scheme"),
            ("https://", "bundle endpoint URL must specify the host"),
            ("https://user@other.test", "bundle endpoint URL must not contain user info"),
            ("https://user:secret@other.test", "bundle endpoint URL must not contain user info"),
        ])
    func refusesTheURL(_ url: String, _ message: String) throws {
        let endpointID = try SPIFFEID("spiffe://other.test/spire/server")
        for profile in [FederationRelationship.Profile.httpsWeb, .httpsSPIFFE(endpointID: endpointID)] {
            try policy.check(try relationship(profile: profile))
            let relationship = try relationship(url: url, profile: profile)
            #expect {
                try policy.check(relationship)
            } throws: { ($0 as? RegistryError)?.message == message }
        }
    }

    @Test func refusesTheBundleOfAnother() throws {
        let bundle = BundleRecord(SPIFFEBundle(trustDomain: try TrustDomain("third.test")))
        #expect {
            try policy.check(try relationship(), bundle: bundle)
        } throws: {
            ($0 as? RegistryError)?.message
                == "trust domain bundle (\"third.test\") must match the trust domain of the federation relationship "
                + "(\"other.test\")"
        }
    }

    @Test func refusesTheOwnTrustDomainOnly() throws {
        try policy.checkIsForeign(try relationship())
        #expect(throws: RegistryError(.invalidArgument, "")) {
            try policy.checkIsForeign(try relationship("example.org"))
        }
    }
}
