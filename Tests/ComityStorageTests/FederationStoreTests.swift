// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityTesting
import FoundationEssentials
import SPIFFE
import Testing

@Suite struct FederationStoreTests {
    private let other: TrustDomain
    private let relationship: FederationRelationship

    init() throws {
        other = try TrustDomain("other.test")
        relationship = FederationRelationship(
            trustDomain: other, bundleEndpointURL: "https://other.test:8443/",
            profile: .httpsSPIFFE(endpointID: try SPIFFEID("spiffe://other.test/spire/server")))
    }

    @Test(arguments: StoreKind.allCases)
    func keepsARelationship(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await store.createRelationship(relationship, bundle: nil)
            #expect(try await store.relationship(with: other) == relationship)
            #expect(await failure { try await store.createRelationship(relationship, bundle: nil) } == .alreadyExists)
            var changed = relationship
            changed.profile = .httpsWeb
            changed.bundleEndpointURL = "https://elsewhere.test"
            try await store.updateRelationship(changed, bundle: nil)
            #expect(try await store.listRelationships(page: .all).items == [changed])
            try await store.deleteRelationship(with: other)
            #expect(try await store.relationship(with: other) == nil)
            #expect(await failure { try await store.deleteRelationship(with: other) } == .notFound)
            #expect(await failure { try await store.updateRelationship(changed, bundle: nil) } == .notFound)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func storesTheBundleWithTheRelationshipAndKeepsItAfter(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let first = BundleRecord(try .fixture(of: other, keys: ["a"]))
            let second = BundleRecord(try .fixture(of: other, keys: ["b"]))
            try await store.createRelationship(relationship, bundle: first)
            #expect(
                await failure { try await store.createRelationship(relationship, bundle: second) } == .alreadyExists)
            #expect(try await store.bundle(of: other) == first)
            try await store.updateRelationship(relationship, bundle: second)
            try await store.deleteRelationship(with: other)
            #expect(try await store.bundle(of: other) == second)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func keepsAStatus(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            var status = FederationStatus(trustDomain: other)
            status.lastSuccess = TestTime.past
            status.lastAttempt = TestTime.now
            status.nextAttempt = TestTime.future
            status.lastFailure = FederationFailure(.rollback, "7 after 8")
            status.consecutiveFailures = 3
            status.sequenceNumber = .max
            try await store.setFederationStatus(status)
            #expect(try await store.federationStatuses() == [status])
            let fresh = FederationStatus(trustDomain: other)
            try await store.setFederationStatus(fresh)
            #expect(try await store.federationStatuses() == [fresh])
            try await store.deleteFederationStatus(of: other)
            #expect(try await store.federationStatuses().isEmpty)
        }
    }
}
