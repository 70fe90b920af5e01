// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityTransport
import ComityWire
package import GRPCCore
import Logging
import SPIFFE
package import ServerAPIProtos
import SwiftProtobuf

extension BundleService {
    package func listFederatedBundles(
        request: Spire_Api_Server_Bundle_V1_ListFederatedBundlesRequest, context: ServerContext
    ) async throws -> Spire_Api_Server_Bundle_V1_ListFederatedBundlesResponse {
        try await answering(RequestLogger.current) {
            let fields = Set<BundleField>(request.hasOutputMask ? request.outputMask : nil)
            let page = try await naming("failed to list bundles") {
                try await store.listBundles(page: PageRequest(size: request.pageSize, token: request.pageToken))
            }
            var response = Spire_Api_Server_Bundle_V1_ListFederatedBundlesResponse()
            response.nextPageToken = page.nextToken
            // Left out after the page was read, so a page may be one short, as in SPIRE.
            for record in page.items where record.trustDomain != trustDomain {
                response.bundles.append(try Self.proto(record, fields: fields))
            }
            return response
        }
    }

    package func getFederatedBundle(
        request: Spire_Api_Server_Bundle_V1_GetFederatedBundleRequest, context: ServerContext
    ) async throws -> Spire_Api_Types_Bundle {
        try await answering(logger(for: request.trustDomain)) {
            let foreign = try foreignTrustDomain(
                request.trustDomain,
                orRefuse: "getting a federated bundle for the server's own trust domain is not allowed")
            return try await fetch(foreign, fields: Set(request.hasOutputMask ? request.outputMask : nil))
        }
    }

    package func batchCreateFederatedBundle(
        request: Spire_Api_Server_Bundle_V1_BatchCreateFederatedBundleRequest, context: ServerContext
    ) async throws -> Spire_Api_Server_Bundle_V1_BatchCreateFederatedBundleResponse {
        let fields = Set<BundleField>(request.hasOutputMask ? request.outputMask : nil)
        var response = Spire_Api_Server_Bundle_V1_BatchCreateFederatedBundleResponse()
        for proto in request.bundle {
            let (status, bundle) = try await write(proto, "creating", output: fields) { record, logger in
                do {
                    try await store.createBundle(record)
                } catch let error as RegistryError where error.code == .alreadyExists {
                    throw APIError(.alreadyExists, "bundle already exists")
                } catch {
                    throw APIError("unable to create bundle", causedBy: error)
                }
                logger.debug("Federated bundle created")
                return record
            }
            response.results.append(
                .with {
                    $0.status = status
                    if let bundle { $0.bundle = bundle }
                })
        }
        return response
    }

    package func batchUpdateFederatedBundle(
        request: Spire_Api_Server_Bundle_V1_BatchUpdateFederatedBundleRequest, context: ServerContext
    ) async throws -> Spire_Api_Server_Bundle_V1_BatchUpdateFederatedBundleResponse {
        let input = Set<BundleField>(request.hasInputMask ? request.inputMask : nil)
        let output = Set<BundleField>(request.hasOutputMask ? request.outputMask : nil)
        var response = Spire_Api_Server_Bundle_V1_BatchUpdateFederatedBundleResponse()
        for proto in request.bundle {
            let (status, bundle) = try await write(proto, "updating", output: output) { record, logger in
                do {
                    let updated = try await store.updateBundle(record, fields: input)
                    logger.debug("Federated bundle updated")
                    return updated
                } catch let error as RegistryError where error.code == .notFound {
                    throw APIError(.notFound, "bundle not found", cause: error)
                } catch {
                    throw APIError("failed to update bundle", causedBy: error)
                }
            }
            response.results.append(
                .with {
                    $0.status = status
                    if let bundle { $0.bundle = bundle }
                })
        }
        return response
    }

    package func batchSetFederatedBundle(
        request: Spire_Api_Server_Bundle_V1_BatchSetFederatedBundleRequest, context: ServerContext
    ) async throws -> Spire_Api_Server_Bundle_V1_BatchSetFederatedBundleResponse {
        let fields = Set<BundleField>(request.hasOutputMask ? request.outputMask : nil)
        var response = Spire_Api_Server_Bundle_V1_BatchSetFederatedBundleResponse()
        for proto in request.bundle {
            // Whatever is stored: an operator's word always wins (decision D-22).
            let (status, bundle) = try await write(proto, "setting", output: fields) { record, logger in
                try await naming("failed to set bundle") { try await store.setBundle(record) }
                logger.info("Bundle set successfully")
                return record
            }
            response.results.append(
                .with {
                    $0.status = status
                    if let bundle { $0.bundle = bundle }
                })
        }
        return response
    }

    /// One item of a batch that writes bundles: looks at it, has it written, answers what was written.
    private func write(
        _ proto: Spire_Api_Types_Bundle, _ doing: String, output: Set<BundleField>,
        _ body: (BundleRecord, Logger) async throws -> BundleRecord
    ) async throws -> (Spire_Api_Types_Status, Spire_Api_Types_Bundle?) {
        let logger = logger(for: proto.trustDomain)
        return try await answering(logger) {
            _ = try foreignTrustDomain(
                proto.trustDomain,
                orRefuse: "\(doing) a federated bundle for the server's own trust domain is not allowed")
            let record = try naming(argument: "failed to convert bundle") { try BundleRecord(proto) }
            try await naming("bundle is refused") { try await store.check(record, by: ownership) }
            return (.ok, try Self.proto(try await body(record, logger), fields: output))
        } refused: { status in
            (status, nil)
        }
    }

    func logger(for trustDomain: String) -> Logger {
        var logger = RequestLogger.current
        logger[metadataKey: "trust_domain_id"] = "\(trustDomain)"
        return logger
    }

    func foreignTrustDomain(_ text: String, orRefuse refusal: String) throws(APIError) -> TrustDomain {
        let foreign = try naming(argument: "trust domain argument is not valid") { try TrustDomain(wire: text) }
        guard foreign != trustDomain else { throw APIError(.invalidArgument, refusal) }
        return foreign
    }
}
