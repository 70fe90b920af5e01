// SPDX-License-Identifier: Apache-2.0

import ComityAttestation
import ComityTransport
import FoundationEssentials
import GRPCCore
import ServerAPIProtos
import SwiftProtobuf
import Synchronization

/// One run of `AttestAgent`: the attestor's messages go out with the CSR, the server's challenges come back.
struct AttestationExchange: Sendable {
    private typealias Request = Spire_Api_Server_Agent_V1_AttestAgentRequest
    private typealias Response = Spire_Api_Server_Agent_V1_AttestAgentResponse

    let attestor: any AgentNodeAttestor
    let csr: [UInt8]

    func run(over client: GRPCClient<GRPCConnection>) async throws -> AgentCertificates {
        let agent = Spire_Api_Server_Agent_V1_Agent.Client(wrapping: client)
        let (requests, outgoing) = AsyncStream<Request>.makeStream()
        return try await agent.attestAgent { writer in
            for await request in requests { try await writer.write(request) }
        } onResponse: { response in
            defer { outgoing.finish() }
            let conversation = Conversation(exchange: self, outgoing: outgoing, answers: response.messages)
            try await attestor.attest { try await conversation.send($0) }
            return try await conversation.result()
        }
    }

    /// The messages alternate, so one actor suffices to keep the places in both streams.
    private actor Conversation {
        private let exchange: AttestationExchange
        private let outgoing: AsyncStream<Request>.Continuation
        private var answers: RPCAsyncSequence<Response, any Error>.AsyncIterator
        private var hasSentPayload = false
        private var finalAnswer: Response.Result?

        init(
            exchange: AttestationExchange, outgoing: AsyncStream<Request>.Continuation,
            answers: RPCAsyncSequence<Response, any Error>
        ) {
            self.exchange = exchange
            self.outgoing = outgoing
            self.answers = answers.makeAsyncIterator()
        }

        func send(_ message: [UInt8]) async throws -> [UInt8]? {
            outgoing.yield(request(for: message))
            hasSentPayload = true
            switch try await next() {
            case .challenge(let challenge): return Array(challenge)
            case .result(let result):
                finalAnswer = result
                return nil
            case nil: throw AgentError(.attestation, "server ended the attestation without a result")
            }
        }

        func result() throws -> AgentCertificates {
            guard let finalAnswer else {
                throw AgentError(.attestation, "attestor \"\(exchange.attestor.name)\" ended before the server did")
            }
            return try AgentCertificates(finalAnswer.svid, canReattest: finalAnswer.reattestable)
        }

        private func next() async throws -> Response.OneOf_Step? {
            // Taken out for the time of the wait: an iterator must not be used twice at once.
            var iterator = answers
            let answer = try await iterator.next(isolation: self)
            answers = iterator
            return answer?.step
        }

        private func request(for message: [UInt8]) -> Request {
            guard !hasSentPayload else { return .with { $0.challengeResponse = Data(message) } }
            return .with {
                $0.params.data.type = exchange.attestor.name
                $0.params.data.payload = Data(message)
                $0.params.params.csr = Data(exchange.csr)
            }
        }
    }
}
