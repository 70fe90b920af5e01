// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
import ComityWire
package import GRPCCore
import SPIFFE
package import ServerAPIProtos

/// Tells what polling has taught about each relationship, static ones too. Not known to SPIRE.
package struct FederationStatusService: Comity_Federation_V1_FederationStatus.SimpleServiceProtocol {
    private let configured: [FederationRelationship]
    private let store: any RegistryStore

    /// - Parameter configured: the relationships of the configuration file.
    package init(configured: [FederationRelationship], store: any RegistryStore) {
        self.configured = configured
        self.store = store
    }

    package func listFederationStatus(
        request: Comity_Federation_V1_ListFederationStatusRequest, context: ServerContext
    ) async throws -> Comity_Federation_V1_ListFederationStatusResponse {
        do {
            let dynamic = try await store.listRelationships(page: .all).items
            let statuses = Dictionary(
                try await store.federationStatuses().map { ($0.trustDomain, $0) }, uniquingKeysWith: { $1 })
            var response = Comity_Federation_V1_ListFederationStatusResponse()
            for (relationship, isStatic) in inForce(dynamic) {
                response.relationships.append(
                    Comity_Federation_V1_RelationshipStatus(
                        relationship, isStatic: isStatic, status: statuses[relationship.trustDomain],
                        bundle: try await store.bundle(of: relationship.trustDomain)?.bundle))
            }
            return response
        } catch {
            throw APIError("failed to list federation status", causedBy: error)
        }
    }

    package func getFederationStatus(
        request: Comity_Federation_V1_GetFederationStatusRequest, context: ServerContext
    ) async throws -> Comity_Federation_V1_RelationshipStatus {
        let trustDomain: TrustDomain
        do {
            trustDomain = try TrustDomain(request.trustDomain)
        } catch {
            throw APIError(.invalidArgument, "failed to parse trust domain", cause: error)
        }
        do {
            let dynamic = try await store.relationship(with: trustDomain)
            guard
                let (relationship, isStatic) = inForce(dynamic.map { [$0] } ?? [])
                    .first(where: { $0.relationship.trustDomain == trustDomain })
            else {
                throw APIError(.notFound, "federation relationship does not exist")
            }
            return Comity_Federation_V1_RelationshipStatus(
                relationship, isStatic: isStatic,
                status: try await store.federationStatuses().first { $0.trustDomain == trustDomain },
                bundle: try await store.bundle(of: trustDomain)?.bundle)
        } catch let error as APIError {
            throw error
        } catch {
            throw APIError("failed to get federation status", causedBy: error)
        }
    }

    /// Sorted by trust domain; a relationship of the configuration file wins.
    private func inForce(
        _ dynamic: [FederationRelationship]
    ) -> [(relationship: FederationRelationship, isStatic: Bool)] {
        let names = Set(configured.map(\.trustDomain))
        let all =
            configured.map { (relationship: $0, isStatic: true) }
            + dynamic.filter { !names.contains($0.trustDomain) }.map { (relationship: $0, isStatic: false) }
        return all.sorted { $0.relationship.trustDomain < $1.relationship.trustDomain }
    }
}
