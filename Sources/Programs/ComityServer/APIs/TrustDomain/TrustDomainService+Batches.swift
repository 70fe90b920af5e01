// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityWire
package import GRPCCore
import Logging
import SPIFFE
package import ServerAPIProtos
import SwiftProtobuf

// Each item stands alone; results come in the order of the request.
extension TrustDomainService {
    package func batchCreateFederationRelationship(
        request: Spire_Api_Server_Trustdomain_V1_BatchCreateFederationRelationshipRequest, context: ServerContext
    ) async throws -> Spire_Api_Server_Trustdomain_V1_BatchCreateFederationRelationshipResponse {
        let fields = Set<RelationshipField>(request.hasOutputMask ? request.outputMask : nil)
        var response = Spire_Api_Server_Trustdomain_V1_BatchCreateFederationRelationshipResponse()
        for proto in request.federationRelationships {
            response.results.append(try await create(proto, output: fields))
        }
        return response
    }

    private func create(
        _ proto: Spire_Api_Types_FederationRelationship, output: Set<RelationshipField>
    ) async throws -> Spire_Api_Server_Trustdomain_V1_BatchCreateFederationRelationshipResponse.Result {
        let logger = logger(for: proto.trustDomain)
        return try await answering(logger) {
            let (relationship, bundle) = try await convert(proto)
            do {
                try policy.checkIsForeign(relationship)
            } catch {
                throw APIError(.invalidArgument, "\(error)")
            }
            do {
                try await store.createRelationship(relationship, bundle: bundle)
            } catch {
                // SPIRE's code for everything, the duplicate too.
                throw APIError(.internalError, "failed to create federation relationship", cause: error)
            }
            await warnIfEndpointCannotBeVerified(relationship, logger)
            logger.debug("Federation relationship created")
            // The bundle that was sent, not one stored before.
            let answer = try Spire_Api_Types_FederationRelationship(relationship, bundle: bundle, fields: output)
            return .with {
                $0.status = .ok
                $0.federationRelationship = answer
            }
        } refused: { status in
            .with { $0.status = status }
        }
    }

    package func batchUpdateFederationRelationship(
        request: Spire_Api_Server_Trustdomain_V1_BatchUpdateFederationRelationshipRequest, context: ServerContext
    ) async throws -> Spire_Api_Server_Trustdomain_V1_BatchUpdateFederationRelationshipResponse {
        let input = Set<RelationshipField>(request.hasInputMask ? request.inputMask : nil)
        let output = Set<RelationshipField>(request.hasOutputMask ? request.outputMask : nil)
        var response = Spire_Api_Server_Trustdomain_V1_BatchUpdateFederationRelationshipResponse()
        for proto in request.federationRelationships {
            response.results.append(try await update(proto, input: input, output: output))
        }
        return response
    }

    private func update(
        _ proto: Spire_Api_Types_FederationRelationship, input: Set<RelationshipField>,
        output: Set<RelationshipField>
    ) async throws -> Spire_Api_Server_Trustdomain_V1_BatchUpdateFederationRelationshipResponse.Result {
        let logger = logger(for: proto.trustDomain)
        return try await answering(logger) {
            // The whole message must be right, whatever the mask takes of it.
            let (sent, bundle) = try await convert(proto)
            let updated: FederationRelationship
            do {
                updated = try await store.updateRelationship(
                    with: sent.trustDomain, bundle: input.contains(.trustDomainBundle) ? bundle : nil
                ) { stored in
                    if input.contains(.bundleEndpointURL) { stored.bundleEndpointURL = sent.bundleEndpointURL }
                    if input.contains(.bundleEndpointProfile) { stored.profile = sent.profile }
                }
            } catch {
                throw APIError(.internalError, "failed to update federation relationship", cause: error)
            }
            await warnIfEndpointCannotBeVerified(updated, logger)
            logger.debug("Federation relationship updated")
            let answer = try await self.proto(updated, fields: output)
            return .with {
                $0.status = .ok
                $0.federationRelationship = answer
            }
        } refused: { status in
            .with { $0.status = status }
        }
    }

    package func batchDeleteFederationRelationship(
        request: Spire_Api_Server_Trustdomain_V1_BatchDeleteFederationRelationshipRequest, context: ServerContext
    ) async throws -> Spire_Api_Server_Trustdomain_V1_BatchDeleteFederationRelationshipResponse {
        var response = Spire_Api_Server_Trustdomain_V1_BatchDeleteFederationRelationshipResponse()
        for name in request.trustDomains {
            let status = try await delete(name)
            response.results.append(
                .with {
                    $0.trustDomain = name
                    $0.status = status
                })
        }
        return response
    }

    private func delete(_ name: String) async throws -> Spire_Api_Types_Status {
        let logger = logger(for: name)
        return try await answering(logger) {
            guard !name.isEmpty else { throw APIError(.invalidArgument, "missing trust domain") }
            do {
                try await store.deleteRelationship(with: try Self.trustDomain(name))
            } catch let error as APIError {
                throw error
            } catch let error as RegistryError where error.code == .notFound {
                throw APIError(.notFound, "federation relationship not found")
            } catch {
                throw APIError("failed to delete federation relationship", causedBy: error)
            }
            logger.debug("Federation relationship deleted")
            return .ok
        } refused: { status in
            status
        }
    }

    // MARK: - Parts

    private func convert(
        _ proto: Spire_Api_Types_FederationRelationship
    ) async throws -> (FederationRelationship, BundleRecord?) {
        let (relationship, bundle) = try naming(argument: "failed to convert federation relationship") {
            let relationship = try FederationRelationship(proto)
            let bundle = try BundleRecord.sent(with: proto)
            try policy.check(relationship, bundle: bundle)
            return (relationship, bundle)
        }
        if let bundle {
            try await naming("bundle is refused") { try await store.check(bundle, by: ownership) }
        }
        return (relationship, bundle)
    }

    private func warnIfEndpointCannotBeVerified(_ relationship: FederationRelationship, _ logger: Logger) async {
        guard case .httpsSPIFFE(let endpointID) = relationship.profile else { return }
        // Only a warning hangs on it: what cannot be read now will be told by the first poll.
        guard (try? await store.bundle(of: endpointID.trustDomain)) == .some(nil) else { return }
        logger.warning(
            "bundle not found for the endpoint SPIFFE ID trust domain",
            metadata: ["endpoint_spiffe_id": "\(endpointID)"])
    }
}
