// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityTelemetry
import FoundationEssentials
import SPIFFE

extension MeasuredStore {
    func createRelationship(_ relationship: FederationRelationship, bundle: BundleRecord?) async throws {
        try await measure(.federationRelationship, .create) {
            try await store.createRelationship(relationship, bundle: bundle)
        }
    }

    func updateRelationship(
        with trustDomain: TrustDomain, bundle: BundleRecord?,
        _ change: @Sendable @escaping (inout FederationRelationship) -> Void
    ) async throws -> FederationRelationship {
        try await measure(.federationRelationship, .update) {
            try await store.updateRelationship(with: trustDomain, bundle: bundle, change)
        }
    }

    func deleteRelationship(with trustDomain: TrustDomain) async throws {
        try await measure(.federationRelationship, .delete) { try await store.deleteRelationship(with: trustDomain) }
    }

    func relationship(with trustDomain: TrustDomain) async throws -> FederationRelationship? {
        try await measure(.federationRelationship, .fetch) { try await store.relationship(with: trustDomain) }
    }

    func listRelationships(page: PageRequest) async throws -> Page<FederationRelationship> {
        try await measure(.federationRelationship, .list) { try await store.listRelationships(page: page) }
    }

    // MARK: - Polling

    func changeBundle(
        of trustDomain: TrustDomain, while relationship: FederationRelationship?,
        _ change: @Sendable @escaping (inout BundleRecord?) throws -> Void
    ) async throws {
        try await measure(.bundle, .update) {
            try await store.changeBundle(of: trustDomain, while: relationship, change)
        }
    }

    func claimPolling(
        of trustDomains: Set<TrustDomain>, by holder: String, for duration: TimeInterval
    ) async throws -> Set<TrustDomain>? {
        try await measure(.federationRelationship, .claim) {
            try await store.claimPolling(of: trustDomains, by: holder, for: duration)
        }
    }

    func releasePolling(by holder: String) async throws {
        try await measure(.federationRelationship, .release) { try await store.releasePolling(by: holder) }
    }

    // MARK: - Status

    func setFederationStatus(_ status: FederationStatus, while relationship: FederationRelationship?) async throws {
        try await measure(.federationStatus, .set) {
            try await store.setFederationStatus(status, while: relationship)
        }
    }

    func federationStatuses() async throws -> [FederationStatus] {
        try await measure(.federationStatus, .list) { try await store.federationStatuses() }
    }

    func deleteFederationStatus(of trustDomain: TrustDomain) async throws {
        try await measure(.federationStatus, .delete) { try await store.deleteFederationStatus(of: trustDomain) }
    }
}
