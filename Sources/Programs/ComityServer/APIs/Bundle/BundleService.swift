// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
import ComityTransport
import ComityWire
import FoundationEssentials
package import GRPCCore
import Logging
package import SPIFFE
package import ServerAPIProtos
import SwiftProtobuf

/// `spire.api.server.bundle.v1.Bundle`: the own bundle and foreign ones.
package struct BundleService: Spire_Api_Server_Bundle_V1_Bundle.SimpleServiceProtocol {
    let trustDomain: TrustDomain
    let store: any BundleStore
    let authorities: LocalAuthorities
    let ownership: AuthorityOwnership

    package init(
        trustDomain: TrustDomain, store: any BundleStore, authorities: LocalAuthorities,
        domainsWithSharedRoots: Set<TrustDomain> = []
    ) {
        self.trustDomain = trustDomain
        self.store = store
        self.authorities = authorities
        ownership = AuthorityOwnership(own: trustDomain, domainsWithSharedRoots: domainsWithSharedRoots)
    }

    package func countBundles(
        request: Spire_Api_Server_Bundle_V1_CountBundlesRequest, context: ServerContext
    ) async throws -> Spire_Api_Server_Bundle_V1_CountBundlesResponse {
        try await answering(RequestLogger.current) {
            let count = try await naming("failed to count bundles") { try await store.countBundles() }
            return .with { $0.count = Int32(clamping: count) }
        }
    }

    package func getBundle(
        request: Spire_Api_Server_Bundle_V1_GetBundleRequest, context: ServerContext
    ) async throws -> Spire_Api_Types_Bundle {
        try await answering(RequestLogger.current) {
            try await fetch(trustDomain, fields: Set(request.hasOutputMask ? request.outputMask : nil))
        }
    }

    package func appendBundle(
        request: Spire_Api_Server_Bundle_V1_AppendBundleRequest, context: ServerContext
    ) async throws -> Spire_Api_Types_Bundle {
        var logger = RequestLogger.current
        logger[metadataKey: "trust_domain_id"] = "\(trustDomain)"
        return try await answering(logger) {
            guard !request.x509Authorities.isEmpty || !request.jwtAuthorities.isEmpty else {
                throw APIError(.invalidArgument, "no authorities to append")
            }
            let jwtAuthorities = try naming(argument: "failed to convert JWT authority") {
                try [JWTAuthority](request.jwtAuthorities)
            }
            let x509Authorities = try naming(argument: "failed to convert X.509 authority") {
                try [X509Authority](request.x509Authorities)
            }
            let record = try await naming("failed to append bundle") {
                try await store.changeBundle(of: trustDomain) { record in
                    try record.append(
                        x509Authorities: x509Authorities, jwtAuthorities: jwtAuthorities,
                        jwtExpirations: request.jwtAuthorities.expirations)
                }
            }
            return try Self.proto(record, fields: Set(request.hasOutputMask ? request.outputMask : nil))
        }
    }

    package func publishJWTAuthority(
        request: Spire_Api_Server_Bundle_V1_PublishJWTAuthorityRequest, context: ServerContext
    ) async throws -> Spire_Api_Server_Bundle_V1_PublishJWTAuthorityResponse {
        try await answering(RequestLogger.current) {
            try authorities.settings.svidPolicy.requireJWT()
            guard request.hasJwtAuthority else { throw APIError(.invalidArgument, "missing JWT authority") }
            let key = try naming(argument: "invalid JWT authority") {
                try [JWTAuthority]([request.jwtAuthority])
            }
            let expirations = [request.jwtAuthority].expirations
            let record = try await naming("failed to publish JWT key") {
                try await authorities.publish(key[0], expiresAt: expirations[key[0].keyID] ?? .distantPast)
            }
            let keys = try naming(argument: "failed to convert JWT authority") {
                try record.bundle.jwtAuthorities.map { try Spire_Api_Types_JWTKey($0, of: record) }
            }
            return .with { $0.jwtAuthorities = keys }
        }
    }

    package func publishWITAuthority(
        request: Spire_Api_Server_Bundle_V1_PublishWITAuthorityRequest, context: ServerContext
    ) async throws -> Spire_Api_Server_Bundle_V1_PublishWITAuthorityResponse {
        throw RPCError(code: .unimplemented, message: "WIT-SVID functionality is not yet implemented")
    }

    func fetch(_ trustDomain: TrustDomain, fields: Set<BundleField>) async throws -> Spire_Api_Types_Bundle {
        let record = try await naming("failed to fetch bundle") { try await store.bundle(of: trustDomain) }
        guard let record else { throw APIError(.notFound, "bundle not found") }
        return try Self.proto(record, fields: fields)
    }

    static func proto(_ record: BundleRecord, fields: Set<BundleField>) throws(APIError) -> Spire_Api_Types_Bundle {
        do {
            return try Spire_Api_Types_Bundle(record, fields: fields)
        } catch {
            throw APIError("failed to convert bundle", causedBy: error)
        }
    }
}
