// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import SPIFFE

/// Keeps dynamic federation relationships, and what was learnt by polling static and dynamic ones.
/// All failures are ``RegistryError``.
package protocol FederationStore: Sendable {
    /// Stores the relationship and, when given, its bundle in one transaction; throws `alreadyExists`.
    func createRelationship(_ relationship: FederationRelationship, bundle: BundleRecord?) async throws
    /// Changes a relationship and, when given, replaces its bundle in one transaction; throws `notFound`.
    func updateRelationship(
        with trustDomain: TrustDomain, bundle: BundleRecord?,
        _ change: @Sendable @escaping (inout FederationRelationship) -> Void
    ) async throws -> FederationRelationship
    /// The bundle stays.
    func deleteRelationship(with trustDomain: TrustDomain) async throws
    func relationship(with trustDomain: TrustDomain) async throws -> FederationRelationship?
    func listRelationships(page: PageRequest) async throws -> Page<FederationRelationship>

    /// Changes the bundle of a partner in one transaction; the change gets `nil` when there is none. Nothing is written
    /// when the record comes out as it went in.
    ///
    /// - Parameter relationship: a dynamic one, which must be stored as it is given, else `failedPrecondition` is
    ///   thrown; `nil` for one that is not kept here.
    func changeBundle(
        of trustDomain: TrustDomain, while relationship: FederationRelationship?,
        _ change: @Sendable @escaping (inout BundleRecord?) throws -> Void
    ) async throws

    /// Claims the right to poll partners, by ``Lease``; a server that has it claims it again before it ends.
    ///
    /// - Returns: the partners that are this server's to poll; `nil` when no other server can be there, so all are.
    func claimPolling(
        of trustDomains: Set<TrustDomain>, by holder: String, for duration: TimeInterval
    ) async throws -> Set<TrustDomain>?
    /// Gives up every right to poll that the server has, so that another one need not wait for it to end.
    func releasePolling(by holder: String) async throws

    /// Nothing is written when a relationship is given that is not, or no longer, stored like that.
    func setFederationStatus(_ status: FederationStatus, while relationship: FederationRelationship?) async throws
    func federationStatuses() async throws -> [FederationStatus]
    func deleteFederationStatus(of trustDomain: TrustDomain) async throws
}
