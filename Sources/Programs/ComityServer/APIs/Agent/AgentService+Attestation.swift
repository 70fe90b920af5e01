// SPDX-License-Identifier: Apache-2.0

import ComityAttestation
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
    /// For the whole exchange: a silent agent must not hold a stream for ever.
    package static let attestationTimeout = Duration.seconds(60)

    package func attestAgent(
        request: RPCAsyncSequence<Spire_Api_Server_Agent_V1_AttestAgentRequest, any Error>,
        response: RPCWriter<Spire_Api_Server_Agent_V1_AttestAgentResponse>, context: ServerContext
    ) async throws {
        try await answering(RequestLogger.current) {
            let exchange = AttestationExchange(request, response)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await attest(exchange) }
                group.addTask {
                    try await time.sleep(Self.attestationTimeout)
                    throw APIError(.deadlineExceeded, "attestation takes too long")
                }
                defer { group.cancelAll() }
                try await group.next()
            }
        }
    }

    private func attest(_ exchange: AttestationExchange) async throws {
        var logger = RequestLogger.current
        let parameters = try await exchange.parameters()
        logger[metadataKey: "node_attestor_type"] = "\(parameters.type)"
        let attestation = try await attest(parameters, exchange)
        logger[metadataKey: "agent_id"] = "\(attestation.agentID)"
        warnOfOddID(attestation.agentID, attestor: parameters.type, logger)
        let svid = try await admit(attestation, parameters)
        logger[metadataKey: "address"] = "\(Caller.current.address)"
        logger.info("Agent attestation request completed")
        try await exchange.finish(svid, isReattestable: attestation.canReattest)
    }

    private func attest(
        _ parameters: AttestationParameters, _ exchange: AttestationExchange
    ) async throws -> NodeAttestation {
        guard let attestor = attestors[parameters.type] else {
            throw APIError(
                .failedPrecondition, "error getting node attestor",
                cause: RPCError(
                    code: .failedPrecondition,
                    message: "could not find node attestor type \"\(parameters.type)\""))
        }
        do {
            let claim = NodeClaim(payload: parameters.payload, clientAddress: Caller.current.ipAddress)
            return try await attestor.attest(claim) { try await exchange.challenge($0) }
        } catch let error as AttestationError {
            // SPIRE knows join tokens without a plugin, so that their errors bear no plugin's name.
            let origin =
                attestor.name == ServerNodeAttestorSettings.joinToken.name ? "" : "nodeattestor(\(attestor.name)): "
            throw APIError(RPCError.Code(error.code), origin + error.message, cause: error.cause)
        }
    }

    /// Signs for the node and writes down what is known of it. A banned node stays out.
    private func admit(
        _ attestation: NodeAttestation, _ parameters: AttestationParameters
    ) async throws -> Spire_Api_Types_X509SVID {
        let id = attestation.agentID
        guard id.isMember(of: trustDomain), id != .server(of: trustDomain) else {
            throw APIError(.internalError, "invalid agent ID", cause: RegistryError(.invalidArgument, "\"\(id)\""))
        }
        let known = try await naming("failed to fetch agent") { try await store.node(id: id) }
        guard known?.isBanned != true else {
            throw APIError(.permissionDenied, "failed to attest: agent is banned")
        }
        let svid = try sign(id, csr: parameters.csr)
        var node = AttestedNode(
            id: id, attestationType: parameters.type, serialNumber: svid.serial.decimal, expiresAt: svid.expiresAt,
            selectors: attestation.selectors, canReattest: attestation.canReattest)
        if makesAgentIDSelector {
            node.selectors.insert(
                try naming(argument: "invalid agent ID") { try Selector(type: "spiffe_id", value: id.uri) })
        }
        node.agentVersion = known?.agentVersion ?? ""
        let admitted = node
        try await naming(known == nil ? "failed to create attested agent" : "failed to update attested agent") {
            try await store.putNode(admitted)
        }
        return svid.proto
    }

    /// As in SPIRE only a warning: there are attestors that name agents otherwise.
    private func warnOfOddID(_ id: SPIFFEID, attestor: String, _ logger: Logger) {
        guard !id.path.utf8.starts(with: "/spire/agent/\(attestor)/".utf8) else { return }
        logger.warning(
            """
            The node attestor produced an invalid agent ID; future releases will enforce that agent IDs are within the \
            reserved agent namesepace for the node attestor
            """,
            metadata: [
                "error":
                    """
                "\(id)" is not in the agent namespace for attestor type \(attestor)
                """
            ])
    }
}

extension RPCError.Code {
    fileprivate init(_ code: AttestationError.Code) {
        switch code {
        case .invalidArgument: self = .invalidArgument
        case .permissionDenied: self = .permissionDenied
        case .unavailable: self = .unavailable
        default: self = .internalError
        }
    }
}
