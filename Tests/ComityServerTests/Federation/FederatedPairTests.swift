// SPDX-License-Identifier: Apache-2.0

import ComityBundleEndpoint
import ComityRegistry
import ComityServer
import ComityStorage
import ComityTesting
import SPIFFE
import Synchronization
import Testing

/// `alpha.test` polls the real endpoint of `beta.test`.
@Suite(.timeLimit(.minutes(1))) struct FederatedPairTests {
    private let fixture: BundleClientFixture
    private let partner: Partner

    init() throws {
        fixture = try BundleClientFixture()
        partner = try Partner()
    }

    @Test("FED-30: bootstrap by bundle set, then the endpoint's; S11: without operator") func bootstrapsAndTakesOver()
        async throws
    {
        try await partner.serve { url in
            try await fixture.run(fetcher: HTTPSBundleFetcher()) { client in
                try await fixture.store.createRelationship(partner.relationship(url), bundle: nil)
                let failure = try await #require(
                    #expect(throws: FederationFailure.self) { try await client.refreshBundle(of: fixture.beta) })
                #expect(failure.class == .noBundle)
                // S12: it heals by itself once there is a bundle.
                try await fixture.store.setBundle(BundleRecord(try partner.firstCA.bundle))
                try await fixture.waitForStore { try await storedSequence == 1 }
                #expect(try await fixture.storedBundle(of: fixture.beta)?.refreshHint == 300)
            }
        }
    }

    @Test("FED-36: the client follows a root that is rotated over two polls, also after a restart")
    func followsRotatedRoot() async throws {
        try await partner.serve { url in
            try await fixture.store.createRelationship(
                partner.relationship(url), bundle: BundleRecord(try partner.firstCA.bundle))
            try await fixture.run(fetcher: HTTPSBundleFetcher()) { client in
                try partner.prepareSecondRoot()
                try await client.refreshBundle(of: fixture.beta)
                try partner.activateSecondRoot()
                try await client.refreshBundle(of: fixture.beta)
                #expect(try await storedSequence == 3)
            }
            try await fixture.run(fetcher: HTTPSBundleFetcher()) { client in
                try await client.refreshBundle(of: fixture.beta)
            }
            let stored = try await fixture.storedBundle(of: fixture.beta)
            #expect(stored?.x509Authorities == [try X509Authority(partner.secondCA.root)])
        }
    }

    @Test("FED-31, FED-37: an endpoint of another trust domain is verified by that one's latest bundle")
    func followsTheBundleOfTheEndpointsTrustDomain() async throws {
        let old = try TestCA("gamma.test")
        let new = try TestCA("gamma.test")
        func failure(_ client: BundleClient) async throws -> FederationFailure.Class? {
            let failure = await #expect(throws: FederationFailure.self) {
                try await client.refreshBundle(of: fixture.beta)
            }
            return failure?.class
        }
        try partner.present(try old.leaf("/bundles"))
        try await partner.serve { url in
            let relationship = FederationRelationship(
                trustDomain: fixture.beta, bundleEndpointURL: url,
                profile: .httpsSPIFFE(endpointID: try SPIFFEID("spiffe://gamma.test/bundles")))
            // The partner's own bundle is of no use here.
            try await fixture.store.createRelationship(
                relationship, bundle: BundleRecord(try partner.firstCA.bundle))
            try await fixture.run(fetcher: HTTPSBundleFetcher()) { client in
                #expect(try await failure(client) == .noBundle)
                try await fixture.store.setBundle(BundleRecord(try old.bundle))
                try await client.refreshBundle(of: fixture.beta)
                try partner.present(try new.leaf("/bundles"))
                #expect(try await failure(client) == .tlsIdentity)
                try await fixture.store.setBundle(BundleRecord(try new.bundle))
                try await client.refreshBundle(of: fixture.beta)
            }
        }
    }

    @Test("FED-26: a fetch that fails by https_web leaves the stored bundle") func keepsTheBundleWhenTheWebRefuses()
        async throws
    {
        try await partner.serve { url in
            let relationship = FederationRelationship(
                trustDomain: fixture.beta, bundleEndpointURL: url, profile: .httpsWeb)
            let known = try partner.firstCA.bundle
            try await fixture.store.createRelationship(relationship, bundle: BundleRecord(known))
            try await fixture.run(fetcher: HTTPSBundleFetcher()) { client in
                let failure = await #expect(throws: FederationFailure.self) {
                    try await client.refreshBundle(of: fixture.beta)
                }
                #expect(failure?.class == .tlsIdentity)
                let stored = try await fixture.storedBundle(of: fixture.beta)
                #expect(stored == known)
            }
        }
    }

    @Test("FED-46: taken away keys go, and an empty bundle revokes everything") func followsRevocation() async throws {
        try await partner.serve { url in
            try await fixture.store.createRelationship(
                partner.relationship(url), bundle: BundleRecord(try partner.firstCA.bundle))
            try await fixture.run(fetcher: HTTPSBundleFetcher()) { client in
                try await client.refreshBundle(of: fixture.beta)
                partner.publish([], sequence: 2)
                try await client.refreshBundle(of: fixture.beta)
                #expect(try await fixture.storedBundle(of: fixture.beta)?.x509Authorities == [])
            }
        }
    }

    @Test("S65: an endpoint that goes away and comes back; FED-07: the last bundle stays") func recovers() async throws
    {
        let sequence = try await partner.serve { url in
            try await fixture.store.createRelationship(
                partner.relationship(url), bundle: BundleRecord(try partner.firstCA.bundle))
            try await fixture.run(fetcher: HTTPSBundleFetcher()) { try await $0.refreshBundle(of: fixture.beta) }
            return try await storedSequence
        }
        #expect(sequence == 1)
        try await fixture.run(fetcher: HTTPSBundleFetcher()) { client in
            let failure = try await #require(
                #expect(throws: FederationFailure.self) { try await client.refreshBundle(of: fixture.beta) })
            #expect(failure.class == .connect)
            #expect(try await storedSequence == 1)
            try await partner.serve { url in
                _ = try await fixture.store.updateRelationship(with: fixture.beta, bundle: nil) {
                    $0.bundleEndpointURL = url
                }
                try await client.refreshBundle(of: fixture.beta)
                #expect(try await fixture.status(of: fixture.beta)?.lastFailure == nil)
            }
        }
    }

    @Test("FED-10: a partner's keys never reach another bundle") func neverMergesBundles() async throws {
        let own = try TestCA("alpha.test").bundle
        let gamma = try TestCA("gamma.test").bundle
        try await fixture.store.setBundle(BundleRecord(own))
        try await fixture.store.setBundle(BundleRecord(gamma))
        try await partner.serve { url in
            try await fixture.store.createRelationship(
                partner.relationship(url), bundle: BundleRecord(try partner.firstCA.bundle))
            try await fixture.run(fetcher: HTTPSBundleFetcher()) { try await $0.refreshBundle(of: fixture.beta) }
        }
        #expect(try await fixture.storedBundle(of: fixture.alpha) == own)
        #expect(try await fixture.storedBundle(of: fixture.gamma) == gamma)
    }

    private var storedSequence: UInt64? {
        get async throws { try await fixture.storedBundle(of: fixture.beta)?.sequenceNumber }
    }
}
