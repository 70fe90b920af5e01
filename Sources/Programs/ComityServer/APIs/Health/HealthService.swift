// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
import ComityTransport
package import GRPCCore
import Logging
package import SPIFFE
package import ServerAPIProtos
import SwiftProtobuf

/// `grpc.health.v1.Health`: serving means that the own bundle can be read.
package struct HealthService: Grpc_Health_V1_Health.SimpleServiceProtocol {
    private let trustDomain: TrustDomain
    private let store: any BundleStore

    package init(trustDomain: TrustDomain, store: any BundleStore) {
        self.trustDomain = trustDomain
        self.store = store
    }

    package func check(
        request: Grpc_Health_V1_HealthCheckRequest, context: ServerContext
    ) async throws -> Grpc_Health_V1_HealthCheckResponse {
        guard request.service.isEmpty else {
            throw RPCError(code: .invalidArgument, message: "per-service health is not supported")
        }
        let isServing = await canReadBundle()
        return .with { $0.status = isServing ? .serving : .notServing }
    }

    package func list(
        request: Grpc_Health_V1_HealthListRequest, context: ServerContext
    ) async throws -> Grpc_Health_V1_HealthListResponse {
        throw RPCError(code: .unimplemented, message: "method List not implemented")
    }

    package func watch(
        request: Grpc_Health_V1_HealthCheckRequest, response: RPCWriter<Grpc_Health_V1_HealthCheckResponse>,
        context: ServerContext
    ) async throws {
        throw RPCError(code: .unimplemented, message: "method Watch not implemented")
    }

    private func canReadBundle() async -> Bool {
        do {
            guard try await store.bundle(of: trustDomain) != nil else {
                RequestLogger.current.error("Health check failed: bundle is missing")
                return false
            }
            return true
        } catch {
            RequestLogger.current.error(
                "Health check failed: failed to fetch bundle", metadata: ["error": "\(error)"])
            return false
        }
    }
}
