// SPDX-License-Identifier: Apache-2.0

import GRPCCore
import Synchronization
import WorkloadAPIProtos

/// The service of a ``FakeWorkloadAPI``.
struct FakeWorkloadAPIService: Workload_SpiffeWorkloadAPI.SimpleServiceProtocol {
    let api: FakeWorkloadAPI

    func fetchX509SVID(
        request: Workload_X509SVIDRequest, response: RPCWriter<Workload_X509SVIDResponse>, context: ServerContext
    ) async throws {
        try await api.x509.serve(response)
    }

    func fetchX509Bundles(
        request: Workload_X509BundlesRequest, response: RPCWriter<Workload_X509BundlesResponse>, context: ServerContext
    ) async throws {
        try await api.x509Bundles.serve(response)
    }

    func fetchJWTSVID(
        request: Workload_JWTSVIDRequest, context: ServerContext
    ) async throws -> Workload_JWTSVIDResponse {
        api.jwtRequests.withLock { $0.append(request) }
        return try api.jwt.answer
    }

    func fetchJWTBundles(
        request: Workload_JWTBundlesRequest, response: RPCWriter<Workload_JWTBundlesResponse>, context: ServerContext
    ) async throws {
        try await api.jwtBundles.serve(response)
    }

    func validateJWTSVID(
        request: Workload_ValidateJWTSVIDRequest, context: ServerContext
    ) async throws -> Workload_ValidateJWTSVIDResponse {
        try api.validation.answer
    }

    func fetchWITSVID(
        request: Workload_WITSVIDRequest, response: RPCWriter<Workload_WITSVIDResponse>, context: ServerContext
    ) async throws {
        throw RPCError(code: .unimplemented, message: "no WIT-SVIDs")
    }

    func fetchWITBundles(
        request: Workload_WITBundlesRequest, response: RPCWriter<Workload_WITBundlesResponse>, context: ServerContext
    ) async throws {
        throw RPCError(code: .unimplemented, message: "no WIT bundles")
    }
}
