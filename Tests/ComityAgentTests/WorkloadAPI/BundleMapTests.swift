// SPDX-License-Identifier: Apache-2.0

import ComityAgent
import ComityRegistry
import ComityTesting
import Foundation
import GRPCCore
import SPIFFE
import Testing
import WorkloadAPIProtos

/// What the maps of bundles hold and how they are keyed.
@Suite(.timeLimit(.minutes(1))) struct BundleMapTests {
    @Test("FED-16, WAPI-28: bundles come under the IDs of their trust domains, the own one always")
    func keysBundlesByTrustDomainID() async throws {
        try await WorkloadAPIFixture.with { fixture in
            let beta = try TestCA("beta.test").bundle
            try fixture.sync(try fixture.entry("a", federatesWith: ["beta.test"]), foreign: [beta])

            let federated = try await firstSVIDs(fixture).federatedBundles
            let x509 = try await firstX509Bundles(fixture).bundles
            let jwt = try await firstJWTBundles(fixture).bundles

            #expect(Set(federated.keys) == ["spiffe://beta.test"])
            #expect(Set(x509.keys) == ["spiffe://alpha.test", "spiffe://beta.test"])
            #expect(Set(jwt.keys) == ["spiffe://alpha.test", "spiffe://beta.test"])
        }
    }

    @Test("WAPI-21: a bundle is all authorities of the trust domain, DER after DER")
    func concatenatesAuthorities() async throws {
        try await WorkloadAPIFixture.with { fixture in
            let entry = try fixture.entry("a")
            try fixture.sync(entry)
            var bundle = try fixture.bundle
            bundle.x509Authorities += try TestCA("alpha.test", commonName: "Next Root").bundle.x509Authorities
            fixture.store.synced(entries: [entry.id: entry], bundle: bundle, bundles: BundleSet())

            let svid = try #require(try await firstSVIDs(fixture).svids.first)

            let parsed = try SPIFFEBundle(concatenatedDER: Array(svid.bundle), trustDomain: bundle.trustDomain)
            #expect(parsed.x509Authorities == bundle.x509Authorities)
            #expect(parsed.x509Authorities.count == 2)
        }
    }

    @Test("WAPI-35: the own trust domain has a JWT bundle, be it without keys")
    func sendsOwnBundleWithoutKeys() async throws {
        try await WorkloadAPIFixture.with { fixture in
            let entry = try fixture.entry("a")
            fixture.store.synced(entries: [entry.id: entry], bundle: try fixture.ca.bundle, bundles: BundleSet())

            let bundles = try await firstJWTBundles(fixture).bundles

            let document = try #require(bundles["spiffe://alpha.test"])
            #expect(try JSONValue(parsing: Array(document), maximumBytes: 1 << 20)["keys"] == [])
        }
    }

    @Test("WAPI-36: of X.509, JWT and WIT keys only the JWT keys are sent")
    func leavesOutKeysOfOtherUses() async throws {
        try await WorkloadAPIFixture.with { fixture in
            var beta = try TestCA("beta.test").bundle
            beta.jwtAuthorities = [try TestJWTKey(keyID: "jwt").authority, try TestJWTKey(keyID: "wit").authority]
            var document = try JSONValue(parsing: beta.document(), maximumBytes: 1 << 20).object ?? [:]
            document["keys"] = .array(
                (document["keys"]?.array ?? []).map { key in
                    guard var members = key.object, members["kid"] == "wit" else { return key }
                    members["use"] = "wit-svid"
                    return .object(members)
                })
            let published = try SPIFFEBundle(
                document: JSONValue.object(document).bytes(), trustDomain: beta.trustDomain)
            try fixture.sync(try fixture.entry("a", federatesWith: ["beta.test"]), foreign: [published])

            let sent = try #require(try await firstJWTBundles(fixture).bundles["spiffe://beta.test"])

            let keys = try JSONValue(parsing: Array(sent), maximumBytes: 1 << 20)["keys"]?.array
            #expect(keys?.map { $0["kid"] } == ["jwt"])
        }
    }

    private func firstSVIDs(_ fixture: WorkloadAPIFixture) async throws -> Workload_X509SVIDResponse {
        try await fixture.api.fetchX509SVID(.init(), metadata: WorkloadAPIFixture.header) { try await first(of: $0) }
    }

    private func firstX509Bundles(_ fixture: WorkloadAPIFixture) async throws -> Workload_X509BundlesResponse {
        try await fixture.api.fetchX509Bundles(.init(), metadata: WorkloadAPIFixture.header) { try await first(of: $0) }
    }

    private func firstJWTBundles(_ fixture: WorkloadAPIFixture) async throws -> Workload_JWTBundlesResponse {
        try await fixture.api.fetchJWTBundles(.init(), metadata: WorkloadAPIFixture.header) { try await first(of: $0) }
    }

    private func first<Message>(of response: StreamingClientResponse<Message>) async throws -> Message {
        for try await message in response.messages { return message }
        throw RPCError(code: .unknown, message: "no message")
    }
}
