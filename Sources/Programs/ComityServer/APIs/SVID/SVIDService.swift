// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
package import ComityRegistry
import ComityTransport
import ComityWire
package import FoundationEssentials
package import GRPCCore
import Logging
package import SPIFFE
package import ServerAPIProtos
import SwiftProtobuf

/// `spire.api.server.svid.v1.SVID`: signs SVIDs, for agents from their entries, for administrators as asked.
package struct SVIDService: Spire_Api_Server_Svid_V1_SVID.SimpleServiceProtocol {
    let trustDomain: TrustDomain
    let issuers: IssuerSource
    let policy: SVIDPolicy
    let index: LiveEntryIndex
    let bundles: any BundleStore
    let now: @Sendable () -> Date

    package init(
        trustDomain: TrustDomain, issuers: IssuerSource, policy: SVIDPolicy, index: LiveEntryIndex,
        bundles: any BundleStore,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.trustDomain = trustDomain
        self.issuers = issuers
        self.policy = policy
        self.index = index
        self.bundles = bundles
        self.now = now
    }

    // MARK: - For agents

    package func batchNewX509SVID(
        request: Spire_Api_Server_Svid_V1_BatchNewX509SVIDRequest, context: ServerContext
    ) async throws -> Spire_Api_Server_Svid_V1_BatchNewX509SVIDResponse {
        let logger = RequestLogger.current
        return try await answering(logger) {
            guard !request.params.isEmpty else { throw APIError(.invalidArgument, "missing parameters") }
            try await naming("rejecting request due to certificate signing rate limiting") {
                try await RateLimiter.take(items: request.params.count)
            }
            let agent = try callingAgent()
            var response = Spire_Api_Server_Svid_V1_BatchNewX509SVIDResponse()
            for param in request.params {
                response.results.append(try await result(param, agent: agent, logger))
            }
            return response
        }
    }

    package func newJWTSVID(
        request: Spire_Api_Server_Svid_V1_NewJWTSVIDRequest, context: ServerContext
    ) async throws -> Spire_Api_Server_Svid_V1_NewJWTSVIDResponse {
        var logger = RequestLogger.current
        logger[metadataKey: "entry_id"] = "\(request.entryID)"
        return try await answering(logger) {
            try policy.requireJWT()
            let entry = try authorizedEntry(id: request.entryID, agent: try callingAgent())
            let svid = try issueJWT(
                id: entry.spiffeID, audience: request.audience, ttl: entry.jwtSVIDTTL,
                tokenID: entry.includesJTIInJWTSVID ? UUID() : nil)
            log(svid, logger)
            return .with { $0.svid = Spire_Api_Types_JWTSVID(svid) }
        }
    }

    // MARK: - Not there yet

    package func mintWITSVID(
        request: Spire_Api_Server_Svid_V1_MintWITSVIDRequest, context: ServerContext
    ) async throws -> Spire_Api_Server_Svid_V1_MintWITSVIDResponse {
        throw Self.witIsDisabled
    }

    package func batchNewWITSVID(
        request: Spire_Api_Server_Svid_V1_BatchNewWITSVIDRequest, context: ServerContext
    ) async throws -> Spire_Api_Server_Svid_V1_BatchNewWITSVIDResponse {
        throw Self.witIsDisabled
    }

    private static var witIsDisabled: RPCError {
        RPCError(code: .unimplemented, message: "WIT-SVID functionality is disabled")
    }

    // MARK: - Steps

    private func result(
        _ param: Spire_Api_Server_Svid_V1_NewX509SVIDParams, agent: SPIFFEID, _ logger: Logger
    ) async throws -> Spire_Api_Server_Svid_V1_BatchNewX509SVIDResponse.Result {
        var logger = logger
        logger[metadataKey: "entry_id"] = "\(param.entryID)"
        return try await answering(logger) {
            let svid = try issue(param, agent: agent)
            log(svid, logger)
            return .with {
                $0.status = .ok
                $0.svid = Spire_Api_Types_X509SVID(svid)
            }
        } refused: { status in
            .with { $0.status = status }
        }
    }

    /// The request gives the key only; everything else comes from the entry.
    private func issue(
        _ param: Spire_Api_Server_Svid_V1_NewX509SVIDParams, agent: SPIFFEID
    ) throws(APIError) -> IssuedX509SVID {
        guard !param.entryID.isEmpty else { throw APIError(.invalidArgument, "missing entry ID") }
        guard !param.csr.isEmpty else { throw APIError(.invalidArgument, "missing CSR") }
        let entry = try authorizedEntry(id: param.entryID, agent: agent)
        let request = try readRequest(param.csr, badSignature: "invalid CSR signature")
        return try issueX509(
            X509SVIDTemplate(
                id: entry.spiffeID, publicKey: request.publicKey, ttl: policy.lifetimes.x509(asked: entry.x509SVIDTTL),
                dnsNames: entry.dnsNames, hasUniqueID: policy.addsUniqueID))
    }

    private func callingAgent() throws(APIError) -> SPIFFEID {
        guard let agent = Caller.current.agentID else {
            throw APIError(.internalError, "caller ID missing from request context")
        }
        return agent
    }

    private func authorizedEntry(id: String, agent: SPIFFEID) throws(APIError) -> Entry {
        guard let entry = index.withIndex({ $0.authorizedEntry(id: id, for: agent) }) else {
            throw APIError(.notFound, "entry not found or not authorized")
        }
        return entry
    }
}
