// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityTransport
import ComityWire
package import GRPCCore
import Logging
package import ServerAPIProtos
import SwiftProtobuf

// Each item stands alone; results come in the order of the request.
extension EntryService {
    package func batchCreateEntry(
        request: Spire_Api_Server_Entry_V1_BatchCreateEntryRequest, context: ServerContext
    ) async throws -> Spire_Api_Server_Entry_V1_BatchCreateEntryResponse {
        let fields = Set<EntryField>(request.hasOutputMask ? request.outputMask : nil)
        var response = Spire_Api_Server_Entry_V1_BatchCreateEntryResponse()
        for proto in request.entries {
            response.results.append(try await create(proto, output: fields))
        }
        return response
    }

    private func create(
        _ proto: Spire_Api_Types_Entry, output: Set<EntryField>
    ) async throws -> Spire_Api_Server_Entry_V1_BatchCreateEntryResponse.Result {
        var logger = RequestLogger.current
        logger[metadataKey: "spiffe_id"] = "\(proto.spiffeID.uri)"
        return try await answering(logger) {
            let entry = try naming(argument: "failed to convert entry") {
                let entry = try Entry(proto, trustDomain: trustDomain)
                try policy.check(entry)
                return entry
            }
            let creation = try await naming("failed to create entry") {
                try await store.createEntry(entry, now: now())
            }
            return switch creation {
            case .created(let entry):
                .with {
                    $0.status = .ok
                    $0.entry = Spire_Api_Types_Entry(entry, fields: output)
                }
            case .similarExists(let entry):
                .with {
                    $0.status = APIError(.alreadyExists, "similar entry already exists").status
                    $0.entry = Spire_Api_Types_Entry(entry, fields: output)
                }
            }
        } refused: { status in
            .with { $0.status = status }
        }
    }

    package func batchUpdateEntry(
        request: Spire_Api_Server_Entry_V1_BatchUpdateEntryRequest, context: ServerContext
    ) async throws -> Spire_Api_Server_Entry_V1_BatchUpdateEntryResponse {
        let input = Set<EntryField>(request.hasInputMask ? request.inputMask : nil)
        let output = Set<EntryField>(request.hasOutputMask ? request.outputMask : nil)
        var response = Spire_Api_Server_Entry_V1_BatchUpdateEntryResponse()
        for proto in request.entries {
            response.results.append(try await update(proto, input: input, output: output))
        }
        return response
    }

    private func update(
        _ proto: Spire_Api_Types_Entry, input: Set<EntryField>, output: Set<EntryField>
    ) async throws -> Spire_Api_Server_Entry_V1_BatchUpdateEntryResponse.Result {
        var logger = RequestLogger.current
        logger[metadataKey: "entry_id"] = "\(proto.id)"
        return try await answering(logger) {
            let entry = try naming(argument: "failed to convert entry") {
                let entry = try Entry(proto, fields: input, trustDomain: trustDomain)
                try policy.check(entry, fields: input)
                return entry
            }
            let updated = try await naming("failed to update entry") {
                try await store.updateEntry(entry, fields: input)
            }
            return .with {
                $0.status = .ok
                $0.entry = Spire_Api_Types_Entry(updated, fields: output)
            }
        } refused: { status in
            .with { $0.status = status }
        }
    }

    package func batchDeleteEntry(
        request: Spire_Api_Server_Entry_V1_BatchDeleteEntryRequest, context: ServerContext
    ) async throws -> Spire_Api_Server_Entry_V1_BatchDeleteEntryResponse {
        var response = Spire_Api_Server_Entry_V1_BatchDeleteEntryResponse()
        for id in request.ids {
            let status = try await delete(id)
            response.results.append(
                .with {
                    $0.id = id
                    $0.status = status
                })
        }
        return response
    }

    private func delete(_ id: String) async throws -> Spire_Api_Types_Status {
        var logger = RequestLogger.current
        logger[metadataKey: "entry_id"] = "\(id)"
        return try await answering(logger) {
            guard !id.isEmpty else { throw APIError(.invalidArgument, "missing entry ID") }
            do {
                _ = try await store.deleteEntry(id: id)
            } catch let error as RegistryError where error.code == .notFound {
                throw APIError(.notFound, "entry not found")
            } catch {
                throw APIError("failed to delete entry", causedBy: error)
            }
            return .ok
        } refused: { status in
            status
        }
    }
}

extension Spire_Api_Types_SPIFFEID {
    /// For logs: what was sent, valid or not.
    fileprivate var uri: String { "spiffe://\(trustDomain)\(path)" }
}
