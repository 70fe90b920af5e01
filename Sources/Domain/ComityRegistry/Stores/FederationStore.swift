// SPDX-License-Identifier: Apache-2.0

package import SPIFFE

/// Keeps dynamic federation relationships, and what was learnt by polling static and dynamic ones.
/// All failures are ``RegistryError``.
package protocol FederationStore: Sendable {
    /// Stores the relationship and, when given, its bundle in one transaction; throws `alreadyExists`.
    func createRelationship(_ relationship: FederationRelationship, bundle: BundleRecord?) async throws
    /// Replaces the relationship and, when given, its bundle in one transaction; throws `notFound`.
    func updateRelationship(_ relationship: FederationRelationship, bundle: BundleRecord?) async throws
    /// The bundle stays.
    func deleteRelationship(with trustDomain: TrustDomain) async throws
    func relationship(with trustDomain: TrustDomain) async throws -> FederationRelationship?
    func listRelationships(page: PageRequest) async throws -> Page<FederationRelationship>

    func setFederationStatus(_ status: FederationStatus) async throws
    func federationStatuses() async throws -> [FederationStatus]
    func deleteFederationStatus(of trustDomain: TrustDomain) async throws
}
