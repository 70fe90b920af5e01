// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
import ComityTransport
import ComityWire
package import GRPCCore
import Logging
package import SPIFFE
package import ServerAPIProtos
package import SwiftProtobuf

/// `spire.api.server.trustdomain.v1.TrustDomain`: dynamic federation relationships.
package struct TrustDomainService: Spire_Api_Server_Trustdomain_V1_TrustDomain.SimpleServiceProtocol {
    let policy: RelationshipPolicy
    let store: any FederationStore & BundleStore
    let refresher: any BundleRefresher
    let ownership: AuthorityOwnership

    package init(
        trustDomain: TrustDomain, store: any FederationStore & BundleStore, refresher: any BundleRefresher,
        domainsWithSharedRoots: Set<TrustDomain> = []
    ) {
        policy = RelationshipPolicy(trustDomain: trustDomain)
        ownership = AuthorityOwnership(own: trustDomain, domainsWithSharedRoots: domainsWithSharedRoots)
        self.store = store
        self.refresher = refresher
    }

    package func listFederationRelationships(
        request: Spire_Api_Server_Trustdomain_V1_ListFederationRelationshipsRequest, context: ServerContext
    ) async throws -> Spire_Api_Server_Trustdomain_V1_ListFederationRelationshipsResponse {
        try await answering(RequestLogger.current) {
            let fields = Set<RelationshipField>(request.hasOutputMask ? request.outputMask : nil)
            let page = try await naming("failed to list federation relationships") {
                try await store.listRelationships(
                    page: PageRequest(size: request.pageSize, token: request.pageToken))
            }
            var response = Spire_Api_Server_Trustdomain_V1_ListFederationRelationshipsResponse()
            response.nextPageToken = page.nextToken
            for relationship in page.items {
                response.federationRelationships.append(try await proto(relationship, fields: fields))
            }
            return response
        }
    }

    package func getFederationRelationship(
        request: Spire_Api_Server_Trustdomain_V1_GetFederationRelationshipRequest, context: ServerContext
    ) async throws -> Spire_Api_Types_FederationRelationship {
        try await answering(logger(for: request.trustDomain)) {
            let trustDomain = try Self.trustDomain(request.trustDomain)
            let relationship = try await naming("failed to fetch federation relationship") {
                try await store.relationship(with: trustDomain)
            }
            guard let relationship else {
                throw APIError(.notFound, "federation relationship does not exist")
            }
            return try await proto(relationship, fields: Set(request.hasOutputMask ? request.outputMask : nil))
        }
    }

    package func refreshBundle(
        request: Spire_Api_Server_Trustdomain_V1_RefreshBundleRequest, context: ServerContext
    ) async throws -> Google_Protobuf_Empty {
        let logger = logger(for: request.trustDomain)
        return try await answering(logger) {
            let trustDomain = try Self.trustDomain(request.trustDomain)
            do {
                try await refresher.refreshBundle(of: trustDomain)
            } catch let error as RegistryError where error.code == .notFound {
                throw APIError(.notFound, "no relationship with trust domain \"\(trustDomain)\"")
            } catch let error as CancellationError {
                throw error
            } catch {
                throw APIError(.internalError, "failed to refresh bundle", cause: error)
            }
            logger.debug("Bundle refreshed")
            return Google_Protobuf_Empty()
        }
    }

    // MARK: - Parts

    /// The relationship with the bundle that is stored now.
    func proto(
        _ relationship: FederationRelationship, fields: Set<RelationshipField>
    ) async throws -> Spire_Api_Types_FederationRelationship {
        try await naming("failed to convert datastore response") {
            let bundle =
                fields.contains(.trustDomainBundle) ? try await store.bundle(of: relationship.trustDomain) : nil
            return try Spire_Api_Types_FederationRelationship(relationship, bundle: bundle, fields: fields)
        }
    }

    func logger(for trustDomain: String) -> Logger {
        var logger = RequestLogger.current
        logger[metadataKey: "trust_domain_id"] = "\(trustDomain)"
        return logger
    }

    static func trustDomain(_ text: String) throws(APIError) -> TrustDomain {
        try naming(argument: "failed to parse trust domain") { try TrustDomain(wire: text) }
    }
}
