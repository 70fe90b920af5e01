// SPDX-License-Identifier: Apache-2.0

import ComityWire
import FoundationEssentials
import GRPCCore
import ServerAPIProtos
import SwiftProtobuf

/// What an agent asks for first.
struct AttestationParameters: Sendable {
    let type: String
    let payload: [UInt8]
    let csr: [UInt8]
}

/// One `AttestAgent` stream: parameters, then challenges and responses in turn, then the result.
actor AttestationExchange {
    private typealias Request = Spire_Api_Server_Agent_V1_AttestAgentRequest
    private typealias Response = Spire_Api_Server_Agent_V1_AttestAgentResponse

    private var requests: RPCAsyncSequence<Request, any Error>.AsyncIterator
    private let responses: RPCWriter<Response>

    init(
        _ requests: RPCAsyncSequence<Spire_Api_Server_Agent_V1_AttestAgentRequest, any Error>,
        _ responses: RPCWriter<Spire_Api_Server_Agent_V1_AttestAgentResponse>
    ) {
        self.requests = requests.makeAsyncIterator()
        self.responses = responses
    }

    func parameters() async throws -> AttestationParameters {
        let params = try await next("failed to receive request from stream").params
        try Self.require(params.hasData, "missing attestation data")
        try Self.require(!params.data.type.isEmpty, "missing attestation data type")
        try Self.require(!params.data.payload.isEmpty, "missing attestation data payload")
        try Self.require(params.hasParams, "missing X509-SVID parameters")
        try Self.require(!params.params.csr.isEmpty, "missing CSR")
        return AttestationParameters(
            type: params.data.type, payload: Array(params.data.payload), csr: Array(params.params.csr))
    }

    /// Sends a challenge and waits for the response to it.
    func challenge(_ bytes: [UInt8]) async throws -> [UInt8] {
        try await responses.write(.with { $0.challenge = Data(bytes) })
        let request = try await next("failed to receive challenge from agent")
        guard case .challengeResponse(let response) = request.step else {
            throw APIError(.invalidArgument, "failed to receive challenge from agent: expected a challenge response")
        }
        return Array(response)
    }

    func finish(_ svid: Spire_Api_Types_X509SVID, isReattestable: Bool) async throws {
        try await responses.write(
            .with {
                $0.result.svid = svid
                $0.result.reattestable = isReattestable
            })
    }

    private func next(_ failure: String) async throws -> Request {
        // The iterator is not shared: nobody asks for two messages at once.
        var iterator = requests
        defer { requests = iterator }
        do {
            guard let request = try await iterator.next(isolation: #isolation) else {
                throw APIError(.invalidArgument, failure, cause: RPCError(code: .unknown, message: "EOF"))
            }
            return request
        } catch let error as APIError {
            throw error
        } catch {
            throw APIError(.invalidArgument, failure, cause: error)
        }
    }

    private static func require(_ condition: Bool, _ missing: String) throws {
        guard condition else {
            throw APIError(
                .invalidArgument, "malformed param", cause: RPCError(code: .invalidArgument, message: missing))
        }
    }
}
