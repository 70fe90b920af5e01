// SPDX-License-Identifier: Apache-2.0

import ComityAttestation
import Synchronization

/// Both halves of a method in one process, with nothing but their messages between them.
enum AttestationConversation {
    /// - Returns: What the server found proven. The first error of either half is thrown, the server's before the agent's.
    static func run(
        _ agent: any AgentNodeAttestor, _ server: any ServerNodeAttestor, from address: String? = nil
    ) async throws -> NodeAttestation {
        let (toServer, serverInbox) = pipe()
        let (toAgent, agentInbox) = pipe()
        let result = Mutex<Result<NodeAttestation, any Error>?>(nil)
        async let served: Void = {
            defer { toAgent.finish() }
            do {
                let attestation = try await server.attest(
                    NodeClaim(payload: try await serverInbox.next(), clientAddress: address)
                ) { challenge in
                    toAgent.yield(challenge)
                    return try await serverInbox.next()
                }
                result.withLock { $0 = .success(attestation) }
            } catch {
                result.withLock { $0 = .failure(error) }
            }
        }()
        let agentError: (any Error)?
        do {
            try await agent.attest { message in
                toServer.yield(message)
                return try? await agentInbox.next()
            }
            agentError = nil
        } catch {
            agentError = error
        }
        toServer.finish()
        await served
        switch result.withLock({ $0 }) {
        case .success(let attestation)?:
            if let agentError { throw agentError }
            return attestation
        case .failure(let error)?:
            if error is Inbox.Ended, let agentError { throw agentError }
            throw error
        case nil: throw Inbox.Ended()
        }
    }

    private static func pipe() -> (AsyncStream<[UInt8]>.Continuation, Inbox) {
        let (stream, continuation) = AsyncStream<[UInt8]>.makeStream()
        return (continuation, Inbox(stream))
    }

    /// One reader of a stream, which may take a message from wherever it runs.
    private actor Inbox {
        struct Ended: Error {}

        private let stream: AsyncStream<[UInt8]>

        init(_ stream: AsyncStream<[UInt8]>) {
            self.stream = stream
        }

        func next() async throws -> [UInt8] {
            for await message in stream { return message }
            throw Ended()
        }
    }
}
