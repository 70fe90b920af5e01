// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
import ComityTransport
import ComityWire
package import GRPCCore
import SPIFFE
package import ServerAPIProtos
import SwiftProtobuf

/// Remembers for controllers which entries and relationships are theirs. Not known to SPIRE.
package struct OwnershipService: Comity_Ownership_V1_Ownership.SimpleServiceProtocol {
    /// Of claims at once, told or asked for: with the longest IDs they fit into a message.
    package static let maximumClaims = 5000

    private let store: any OwnershipStore

    package init(store: any OwnershipStore) {
        self.store = store
    }

    package func listOwned(
        request: Comity_Ownership_V1_ListOwnedRequest, context: ServerContext
    ) async throws -> Comity_Ownership_V1_ListOwnedResponse {
        try await answering(RequestLogger.current) {
            let owner = try Self.owner(request.owner)
            let asked = request.pageSize > 0 ? Int(request.pageSize) : Self.maximumClaims
            let page = PageRequest(size: Int32(min(asked, Self.maximumClaims)), token: request.pageToken)
            return try await naming("failed to list what is owned") {
                let isKnown = try await store.isKnown(owner)
                let claims = try await store.listClaims(of: owner, page: page)
                return .with {
                    $0.known = isKnown
                    $0.entryIds = claims.items.entryIDs
                    $0.trustDomains = claims.items.trustDomains
                    $0.bundleTrustDomains = claims.items.bundleTrustDomains
                    $0.nextPageToken = claims.nextToken
                }
            }
        }
    }

    package func claim(
        request: Comity_Ownership_V1_ClaimRequest, context: ServerContext
    ) async throws -> Comity_Ownership_V1_ClaimResponse {
        try await answering(RequestLogger.current) {
            let owner = try Self.owner(request.owner)
            let objects = try Self.objects(
                request.entryIds, request.trustDomains, request.bundleTrustDomains)
            let refused = try await naming("failed to claim") { try await store.claim(objects, for: owner) }
            return .with {
                $0.refusedEntryIds = refused.entryIDs
                $0.refusedTrustDomains = refused.trustDomains
                $0.refusedBundleTrustDomains = refused.bundleTrustDomains
            }
        }
    }

    package func release(
        request: Comity_Ownership_V1_ReleaseRequest, context: ServerContext
    ) async throws -> Comity_Ownership_V1_ReleaseResponse {
        try await answering(RequestLogger.current) {
            let owner = try Self.owner(request.owner)
            let objects = try Self.objects(
                request.entryIds, request.trustDomains, request.bundleTrustDomains)
            try await naming("failed to release") { try await store.release(objects, of: owner) }
            return Comity_Ownership_V1_ReleaseResponse()
        }
    }

    // MARK: - Parts

    private static func owner(_ text: String) throws(APIError) -> OwnerName {
        try naming(argument: "failed to parse owner") { try OwnerName(text) }
    }

    private static func objects(
        _ entryIDs: [String], _ relationships: [String], _ bundles: [String]
    ) throws(APIError) -> Set<OwnedObject> {
        guard entryIDs.count + relationships.count + bundles.count <= maximumClaims else {
            throw APIError(.invalidArgument, "more than \(maximumClaims) things at once")
        }
        return try naming(argument: "failed to parse what is claimed") {
            var objects: Set<OwnedObject> = []
            for id in entryIDs {
                guard !id.isEmpty else { throw RegistryError(.invalidArgument, "missing entry ID") }
                try EntryPolicy.check(id: id)
                objects.insert(.entry(id: id))
            }
            for name in relationships { objects.insert(.relationship(with: try TrustDomain(wire: name))) }
            for name in bundles { objects.insert(.bundle(of: try TrustDomain(wire: name))) }
            return objects
        }
    }
}

extension Sequence<OwnedObject> {
    fileprivate var entryIDs: [String] {
        compactMap { if case .entry(let id) = $0 { id } else { nil } }.sorted()
    }

    fileprivate var trustDomains: [String] {
        compactMap { if case .relationship(let trustDomain) = $0 { trustDomain.name } else { nil } }.sorted()
    }

    fileprivate var bundleTrustDomains: [String] {
        compactMap { if case .bundle(let trustDomain) = $0 { trustDomain.name } else { nil } }.sorted()
    }
}
