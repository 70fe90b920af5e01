// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityTransport
import ComityWire
package import GRPCCore
import Logging
package import ServerAPIProtos
import SwiftProtobuf

extension BundleService {
    package func batchDeleteFederatedBundle(
        request: Spire_Api_Server_Bundle_V1_BatchDeleteFederatedBundleRequest, context: ServerContext
    ) async throws -> Spire_Api_Server_Bundle_V1_BatchDeleteFederatedBundleResponse {
        try await answering(RequestLogger.current) {
            let mode = try naming(argument: "failed to parse deletion mode") { try BundleDeletion(request.mode) }
            var response = Spire_Api_Server_Bundle_V1_BatchDeleteFederatedBundleResponse()
            for name in request.trustDomains {
                let status = try await delete(name, mode)
                response.results.append(
                    .with {
                        $0.trustDomain = name
                        $0.status = status
                    })
            }
            return response
        }
    }

    private func delete(_ name: String, _ mode: BundleDeletion) async throws -> Spire_Api_Types_Status {
        var logger = logger(for: name)
        logger[metadataKey: "mode"] = "\(mode)"
        return try await answering(logger) {
            let foreign = try foreignTrustDomain(
                name, orRefuse: "removing the bundle for the server trust domain is not allowed")
            do {
                try await store.deleteBundle(of: foreign, mode)
            } catch let error as RegistryError where error.code == .notFound {
                throw APIError(.notFound, "bundle not found", cause: error)
            } catch {
                throw APIError("failed to delete federated bundle", causedBy: error)
            }
            return .ok
        } refused: { status in
            status
        }
    }
}

extension BundleDeletion {
    fileprivate init(_ proto: Spire_Api_Server_Bundle_V1_BatchDeleteFederatedBundleRequest.Mode) throws {
        switch proto {
        case .restrict: self = .restrict
        case .delete: self = .delete
        case .dissociate: self = .dissociate
        case .UNRECOGNIZED(let number):
            throw RegistryError(.invalidArgument, "unhandled delete mode \"\(number)\"")
        }
    }
}
