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
            let expected = changed
            let updated = try await store.updateRelationship(with: other, bundle: nil) { $0 = expected }
            #expect(updated == changed)
            #expect(try await store.listRelationships(page: .all).items == [changed])
            try await store.deleteRelationship(with: other)
            #expect(try await store.relationship(with: other) == nil)
            #expect(await failure { try await store.deleteRelationship(with: other) } == .notFound)
            #expect(
                await failure { _ = try await store.updateRelationship(with: other, bundle: nil) { _ in } }
                    == .notFound)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func updatesOfDifferentFieldsDoNotUndoEachOther(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await store.createRelationship(relationship, bundle: nil)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for round in 0..<20 {
                    group.addTask {
                        _ = try await store.updateRelationship(with: other, bundle: nil) { stored in
                            if round.isMultiple(of: 2) {
                                stored.profile = .httpsWeb
                            } else {
                                stored.bundleEndpointURL += "x"
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            let stored = try #require(try await store.relationship(with: other))
            #expect(stored.profile == .httpsWeb)
            #expect(stored.bundleEndpointURL == "https://other.test:8443/" + String(repeating: "x", count: 10))
        }
    }

    @Test(arguments: StoreKind.allCases)
    func deletedOrChangedRelationshipBringsNeitherBundleNorStatusBack(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let polled = BundleRecord(try .fixture(of: other, keys: ["a"]))
            let poll: (FederationRelationship?) async throws -> Void = { relationship in
                try await store.setFederationStatus(FederationStatus(trustDomain: other), while: relationship)
                try await store.changeBundle(of: other, while: relationship) { $0 = polled }
            }
            try await store.createRelationship(relationship, bundle: nil)
            var changed = relationship
            changed.profile = .httpsWeb
            let late = changed
            #expect(await failure { try await poll(late) } == .failedPrecondition)
            try await store.deleteRelationship(with: other)
            #expect(await failure { try await poll(relationship) } == .failedPrecondition)
            #expect(try await store.bundle(of: other) == nil)
            #expect(try await store.federationStatuses().isEmpty)
            try await poll(nil)
            #expect(try await store.bundle(of: other) == polled)
            #expect(try await store.federationStatuses().map(\.trustDomain) == [other])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func tellsAnEmptyBundleFromNone(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let empty = BundleRecord(SPIFFEBundle(trustDomain: other))
            try await store.changeBundle(of: other, while: nil) { record in
                #expect(record == nil)
                record = empty
            }
            #expect(try await store.bundle(of: other) == empty)
            try await store.changeBundle(of: other, while: nil) { #expect($0 == empty) }
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
            _ = try await store.updateRelationship(with: other, bundle: second) { _ in }
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
            try await store.setFederationStatus(status, while: nil)
            #expect(try await store.federationStatuses() == [status])
            let fresh = FederationStatus(trustDomain: other)
            try await store.setFederationStatus(fresh, while: nil)
            #expect(try await store.federationStatuses() == [fresh])
            var changed = fresh
            changed.lastChange = TestTime.past
            for status in [changed, fresh] { try await store.setFederationStatus(status, while: nil) }
            #expect(try await store.federationStatuses() == [changed], "a server that was started anew knows of none")
            try await store.deleteFederationStatus(of: other)
            #expect(try await store.federationStatuses().isEmpty)
        }
    }
}
