// SPDX-License-Identifier: Apache-2.0

import GRPCCore
import ServerAPIProtos

/// gRPC health of the agent as a whole.
struct HealthService: Grpc_Health_V1_Health.SimpleServiceProtocol {
    let probe: WorkloadAPIProbe

    func check(
        request: Grpc_Health_V1_HealthCheckRequest, context: ServerContext
    ) async throws -> Grpc_Health_V1_HealthCheckResponse {
        guard request.service.isEmpty else {
            throw RPCError(code: .invalidArgument, message: "per-service health is not supported")
        }
        var response = Grpc_Health_V1_HealthCheckResponse()
        do {
            try await probe.check()
            response.status = .serving
        } catch {
            response.status = .notServing
        }
        return response
    }

    func list(
        request: Grpc_Health_V1_HealthListRequest, context: ServerContext
    ) async throws -> Grpc_Health_V1_HealthListResponse {
        throw RPCError(code: .unimplemented, message: "listing health is not implemented")
    }

    func watch(
        request: Grpc_Health_V1_HealthCheckRequest, response: RPCWriter<Grpc_Health_V1_HealthCheckResponse>,
        context: ServerContext
    ) async throws {
        throw RPCError(code: .unimplemented, message: "watching health is not implemented")
    }
}
