// SPDX-License-Identifier: Apache-2.0

import ComityTransport
import GRPCCore
import ServiceLifecycle

extension Subscription {
    /// Writes a message for every state that looks different to this client, until it goes away.
    ///
    /// - Parameter message: Answers `nil` for a state to wait for the next one; what it throws ends the stream.
    func write<Message: Equatable & Sendable>(
        to response: RPCWriter<Message>, _ context: ServerContext,
        message: @Sendable @escaping (State) throws -> Message?
    ) async throws {
        try await withRPCCancellationHandler {
            defer { end() }
            var last: Message?
            for await update in updates {
                guard let next = try message(update), next != last else { continue }
                try await response.write(next)
                last = next
            }
            // A server that stops cancels its calls too, before or after its subscriptions end.
            let isCancelled = Task.isCancelled || context.cancellation.isCancelled
            guard !isCancelled || Task.isShuttingDownGracefully else {
                throw RPCError(code: .cancelled, message: "client is gone")
            }
            throw RPCError(code: .unavailable, message: "agent is shutting down")
        } onCancelRPC: {
            end()
        }
    }
}
