// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityTransport
import ComityWire
import ComityWorkloads
import GRPCCore
import SPIFFE
import ServerAPIProtos
import SwiftProtobuf

/// Hands the identities of workloads to processes that act for them, such as a proxy of the whole node.
struct DelegatedIdentityService: Spire_Api_Agent_Delegatedidentity_V1_DelegatedIdentity.SimpleServiceProtocol {
    let store: WorkloadStore
    let attestation: CallerAttestation
    let tokens: JWTSVIDSource
    /// Who may act for others.
    let delegates: Set<SPIFFEID>

    func subscribeToX509SVIDs(
        request: DelegatedX509SVIDsRequest, response: RPCWriter<DelegatedX509SVIDs>, context: ServerContext
    ) async throws {
        let delegation = try await delegation(context)
        let selectors = try await workload(request.selectors, processID: request.pid)
        try await store.subscribe(selectors, to: .svids).write(to: response, context) { update in
            try delegation.check()
            return DelegatedX509SVIDs(update)
        }
    }

    func subscribeToX509Bundles(
        request: Spire_Api_Agent_Delegatedidentity_V1_SubscribeToX509BundlesRequest,
        response: RPCWriter<DelegatedX509Bundles>, context: ServerContext
    ) async throws {
        let delegation = try await delegation(context)
        try await store.subscribeToBundles().write(to: response, context) { bundles in
            try delegation.check()
            return DelegatedX509Bundles(bundles)
        }
    }

    func fetchJWTSVIDs(
        request: Spire_Api_Agent_Delegatedidentity_V1_FetchJWTSVIDsRequest, context: ServerContext
    ) async throws -> Spire_Api_Agent_Delegatedidentity_V1_FetchJWTSVIDsResponse {
        let audience = try AudienceRule.check(request.audience)
        _ = try await delegation(context)
        let selectors = try await workload(request.selectors, processID: request.pid)
        let entries = store.update(for: selectors).delegated.identities.map(\.entry)
        guard !entries.isEmpty else { throw RPCError.noIdentity }
        var response = Spire_Api_Agent_Delegatedidentity_V1_FetchJWTSVIDsResponse()
        for entry in entries {
            let token = try await tokens.token(for: entry, audience: audience)
            response.svids.append(
                .with {
                    $0.token = token.token
                    $0.id = Spire_Api_Types_SPIFFEID(token.spiffeID)
                    $0.expiresAt = Optional(token.expiresAt).unixSeconds
                    $0.issuedAt = Optional(token.issuedAt).unixSeconds
                    $0.hint = entry.hint
                })
        }
        return response
    }

    func subscribeToJWTBundles(
        request: Spire_Api_Agent_Delegatedidentity_V1_SubscribeToJWTBundlesRequest,
        response: RPCWriter<DelegatedJWTBundles>, context: ServerContext
    ) async throws {
        let delegation = try await delegation(context)
        try await store.subscribeToBundles().write(to: response, context) { bundles in
            try delegation.check()
            return DelegatedJWTBundles(bundles)
        }
    }

    private func delegation(_ context: ServerContext) async throws(RPCError) -> Delegation {
        try await Delegation(of: context.peer?.local, delegates: delegates, attestation: attestation, store: store)
    }

    /// What the workload is known by that the caller names.
    private func workload(
        _ selectors: [Spire_Api_Types_Selector], processID: Int32
    ) async throws(RPCError) -> Set<Selector> {
        guard selectors.isEmpty != (processID == 0) else {
            throw RPCError(
                code: .invalidArgument, message: "must provide either selectors or non-zero PID, but not both")
        }
        guard selectors.isEmpty else {
            do throws(RegistryError) {
                return try Set(selectors)
            } catch {
                throw RPCError(code: .invalidArgument, message: "could not parse provided selectors: \(error)")
            }
        }
        return try await attestation.selectors(ofProcess: processID)
    }
}
