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
        _ trustDomain: String = "other.test", url: String = "https://other.test:8443/bundle"
    ) throws -> FederationRelationship {
        FederationRelationship(
            trustDomain: try TrustDomain(trustDomain), bundleEndpointURL: url, profile: .httpsWeb)
    }

    @Test(arguments: [
        ("http://other.test", "bundle endpoint URL must use the https scheme"),
        ("other.test", "bundle endpoint URL must use the https scheme"),
        ("https://", "bundle endpoint URL must specify the host"),
        ("https://user@other.test", "bundle endpoint URL must not contain user info"),
        ("https://user:secret@other.test", "bundle endpoint URL must not contain user info"),
    ])
    func refusesTheURL(_ url: String, _ message: String) throws {
        let relationship = try relationship(url: url)
        #expect {
            try policy.check(relationship)
        } throws: { ($0 as? RegistryError)?.message == message }
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
