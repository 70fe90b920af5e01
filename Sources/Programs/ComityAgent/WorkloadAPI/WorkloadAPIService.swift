// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityTelemetry
import ComityTransport
import ComityWorkloads
import GRPCCore
import Glibc
import Logging
import SPIFFE
import WorkloadAPIProtos

/// The SPIFFE Workload API: the X.509 and JWT profiles.
struct WorkloadAPIService: Workload_SpiffeWorkloadAPI.SimpleServiceProtocol {
    struct Options: Hashable, Sendable {
        /// Lets callers without identity have the own trust domain's bundles.
        var allowsUnauthenticatedVerifiers = false
        /// Claims of foreign tokens that are passed on, besides `sub`, `exp` and `aud`.
        var allowedForeignClaims: Set<String> = []
    }

    let store: WorkloadStore
    let attestation: CallerAttestation
    let tokens: JWTSVIDSource
    let limiter: WorkloadRateLimiter
    let options: Options
    let instruments: Instruments

    // MARK: - X.509 profile

    func fetchX509SVID(
        request: Workload_X509SVIDRequest, response: RPCWriter<Workload_X509SVIDResponse>, context: ServerContext
    ) async throws {
        let selectors = try await caller("FetchX509SVID", context)
        try await store.subscribe(selectors, to: .svids).write(to: response, context) { update in
            guard !update.identities.isEmpty else { throw noIdentity(context) }
            log(update)
            return update.x509SVIDResponse
        }
    }

    func fetchX509Bundles(
        request: Workload_X509BundlesRequest, response: RPCWriter<Workload_X509BundlesResponse>, context: ServerContext
    ) async throws {
        let selectors = try await caller("FetchX509Bundles", context)
        try await store.subscribe(selectors, to: .bundles).write(to: response, context) { update in
            try checkMayHaveBundles(update, context)
            return update.x509BundlesResponse
        }
    }

    // MARK: - JWT profile

    func fetchJWTSVID(
        request: Workload_JWTSVIDRequest, context: ServerContext
    ) async throws -> Workload_JWTSVIDResponse {
        let audience = try AudienceRule.check(request.audience)
        let wanted = try requestedID(request.spiffeID)
        let selectors = try await caller("FetchJWTSVID", context)
        let update = store.update(for: selectors)
        let entries = update.identities.map(\.entry).filter { wanted == nil || $0.spiffeID == wanted }
        guard !entries.isEmpty else { throw noIdentity(context) }
        log(update)
        var response = Workload_JWTSVIDResponse()
        for entry in entries {
            var message = Workload_JWTSVID()
            let token = try await tokens.token(for: entry, audience: audience)
            message.spiffeID = token.spiffeID.uri
            message.svid = token.token
            message.hint = entry.hint
            response.svids.append(message)
        }
        return response
    }

    func fetchJWTBundles(
        request: Workload_JWTBundlesRequest, response: RPCWriter<Workload_JWTBundlesResponse>, context: ServerContext
    ) async throws {
        let selectors = try await caller("FetchJWTBundles", context)
        try await store.subscribe(selectors, to: .bundles).write(to: response, context) { update in
            try checkMayHaveBundles(update, context)
            instruments.count(.jwtBundlesUpdate)
            return update.jwtBundlesResponse
        }
    }

    func validateJWTSVID(
        request: Workload_ValidateJWTSVIDRequest, context: ServerContext
    ) async throws -> Workload_ValidateJWTSVIDResponse {
        guard !request.audience.isEmpty else { throw invalid("audience must be specified") }
        guard !request.svid.isEmpty else { throw invalid("svid must be specified") }
        let selectors = try await attestation.selectors(of: context.peer?.local)
        return try JWTSVIDValidation(update: store.update(for: selectors), options: options).answer(request)
    }

    // MARK: - WIT profile, which is not offered

    func fetchWITSVID(
        request: Workload_WITSVIDRequest, response: RPCWriter<Workload_WITSVIDResponse>, context: ServerContext
    ) async throws {
        throw RPCError(code: .unimplemented, message: "fetching WIT-SVIDs is not implemented")
    }

    func fetchWITBundles(
        request: Workload_WITBundlesRequest, response: RPCWriter<Workload_WITBundlesResponse>, context: ServerContext
    ) async throws {
        throw RPCError(code: .unimplemented, message: "fetching WIT bundles is not implemented")
    }

    // MARK: - Private

    /// What the caller is known by, unless it calls too often.
    private func caller(_ method: String, _ context: ServerContext) async throws(RPCError) -> Set<Selector> {
        let peer = context.peer?.local
        let selectors = try await attestation.selectors(of: peer)
        try limiter.count(method, by: peer, selectors)
        return selectors
    }

    private func checkMayHaveBundles(_ update: WorkloadUpdate, _ context: ServerContext) throws(RPCError) {
        guard !update.identities.isEmpty || options.allowsUnauthenticatedVerifiers else { throw noIdentity(context) }
    }

    private func requestedID(_ text: String) throws(RPCError) -> SPIFFEID? {
        guard !text.isEmpty else { return nil }
        do throws(SPIFFEError) {
            return try SPIFFEID(text)
        } catch {
            throw invalid("invalid requested SPIFFE ID: \(error)")
        }
    }

    private func log(_ update: WorkloadUpdate) {
        for id in update.ignoredEntryIDs {
            RequestLogger.current.warning("Ignoring entry with duplicate hint", metadata: [.entryID: "\(id)"])
        }
    }

    private func noIdentity(_ context: ServerContext) -> RPCError {
        // The agent's own look at its health is no news.
        if context.peer?.local?.pid != getpid() {
            RequestLogger.current.error("No identity issued", metadata: [.registered: "false"])
        }
        return RPCError(code: .permissionDenied, message: "no identity issued")
    }

    private func invalid(_ message: String) -> RPCError {
        RPCError(code: .invalidArgument, message: message)
    }
}
