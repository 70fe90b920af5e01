// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import ComityRegistry
import ComityTransport
import ComityWire
import FoundationEssentials
package import GRPCCore
import Logging
import SPIFFE
package import ServerAPIProtos
import SwiftProtobuf

extension AgentService {
    /// The longest text that an agent may say of its version.
    private static let maximumVersionLength = 255

    package func renewAgent(
        request: Spire_Api_Server_Agent_V1_RenewAgentRequest, context: ServerContext
    ) async throws -> Spire_Api_Server_Agent_V1_RenewAgentResponse {
        try await answering(RequestLogger.current) {
            let caller = try callingAgent()
            // The caller's record was read for its authorization, a moment ago.
            guard !caller.canReattest else {
                throw PermissionDenial(
                    message: "agent must reattest instead of renew", reason: .agentMustReattest
                ).rpcError
            }
            RequestLogger.current.info("Renewing agent SVID")
            guard request.hasParams else { throw APIError(.invalidArgument, "params cannot be nil") }
            guard !request.params.csr.isEmpty else { throw APIError(.invalidArgument, "missing CSR") }
            let svid = try sign(caller.id, csr: Array(request.params.csr))
            do {
                _ = try await store.updateNode(id: caller.id) { node in
                    node.newSerialNumber = svid.serial.decimal
                    node.newExpiresAt = svid.expiresAt
                }
            } catch let error as RegistryError where error.code == .notFound {
                throw APIError(.notFound, "agent not found", cause: error)
            } catch {
                throw APIError("failed to update agent", causedBy: error)
            }
            return .with { $0.svid = svid.proto }
        }
    }

    package func postStatus(
        request: Spire_Api_Server_Agent_V1_PostStatusRequest, context: ServerContext
    ) async throws -> Spire_Api_Server_Agent_V1_PostStatusResponse {
        try await answering(RequestLogger.current) {
            let caller = try callingAgent()
            let version = request.agentVersion
            guard version.utf8.count <= Self.maximumVersionLength else {
                throw APIError(
                    .invalidArgument,
                    "agent version is too long, max length is \(Self.maximumVersionLength) characters")
            }
            guard version != caller.agentVersion else { return .init() }
            _ = try await naming("failed to update agent") {
                try await store.updateNode(id: caller.id) { $0.agentVersion = version }
            }
            return .init()
        }
    }

    private func callingAgent() throws -> AttestedNode {
        guard let agent = Caller.current.agent else {
            throw APIError(.internalError, "caller ID missing from request context")
        }
        return agent
    }

    /// Signs for the key in the request; whatever else it asks for is left out.
    func sign(_ id: SPIFFEID, csr: [UInt8]) throws(APIError) -> IssuedX509SVID {
        let request = try naming(argument: "failed to parse CSR") { try VerifiedCertificateRequest(derBytes: csr) }
        do {
            let template = X509SVIDTemplate(id: id, publicKey: request.publicKey, ttl: lifetimes.ofAgents)
            return try issuers.issue(template, now: time.now())
        } catch {
            throw APIError(.internalError, "failed to sign X509 SVID", cause: error)
        }
    }
}

extension IssuedX509SVID {
    var proto: Spire_Api_Types_X509SVID {
        .with {
            $0.id = Spire_Api_Types_SPIFFEID(id)
            $0.certChain = certificateChain.map { Data($0) }
            $0.expiresAt = Optional(expiresAt).unixSeconds
        }
    }
}
