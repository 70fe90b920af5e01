// SPDX-License-Identifier: Apache-2.0

package import GRPCCore
package import GRPCNIOTransportHTTP2Posix
import Synchronization

/// A client transport that reconnects by itself, can be told to start afresh, and says why a server cannot be reached.
package final class GRPCConnection: ClientTransport {
    package typealias Bytes = GRPCNIOTransportBytes

    /// How often a call looks for a connection when the one picked turns out to be closing.
    private static let maximumAttempts = 100

    private enum State {
        case open(HTTP2ClientTransport.Posix)
        case closing
    }

    private let connector: GRPCConnector
    private let refusal = RefusalNote()
    private let state: Mutex<State>
    private let transports: AsyncStream<HTTP2ClientTransport.Posix>
    private let added: AsyncStream<HTTP2ClientTransport.Posix>.Continuation

    init(_ connector: GRPCConnector) throws {
        self.connector = connector
        (transports, added) = AsyncStream.makeStream()
        let first = try connector.makeTransport(noting: refusal)
        state = Mutex(.open(first))
        added.yield(first)
    }

    /// Lets new calls use a new connection, made with the identity and the bundle of now. Calls under way end on the old one.
    ///
    /// Call it after the own identity was rotated: a connection keeps the certificate that it was made with.
    package func reconnect() throws {
        let new = try connector.makeTransport(noting: refusal)
        let old: HTTP2ClientTransport.Posix? = state.withLock { state in
            guard case .open(let old) = state else { return nil }
            state = .open(new)
            return old
        }
        guard let old else { return }
        added.yield(new)
        old.beginGracefulShutdown()
    }

    package var retryThrottle: RetryThrottle? {
        current?.retryThrottle
    }

    package func connect() async throws {
        await withTaskCancellationHandler {
            await withDiscardingTaskGroup { group in
                for await transport in transports {
                    // A transport that fails fails its calls; there is nobody else to tell.
                    group.addTask { try? await transport.connect() }
                }
                if Task.isCancelled { group.cancelAll() }
            }
        } onCancel: {
            added.finish()
        }
    }

    package func beginGracefulShutdown() {
        let old: HTTP2ClientTransport.Posix? = state.withLock { state in
            guard case .open(let old) = state else { return nil }
            state = .closing
            return old
        }
        old?.beginGracefulShutdown()
        added.finish()
    }

    package func config(forMethod descriptor: MethodDescriptor) -> MethodConfig? {
        current?.config(forMethod: descriptor)
    }

    @concurrent package func withStream<T: Sendable>(
        descriptor: MethodDescriptor,
        options: CallOptions,
        _ closure: @concurrent (RPCStream<Inbound, Outbound>, ClientContext) async throws -> T
    ) async throws -> T {
        var attempts = 1
        while true {
            guard let transport = current else {
                throw RPCError(code: .unavailable, message: "client is shut down")
            }
            var hasStream = false
            do {
                return try await transport.withStream(descriptor: descriptor, options: options) { stream, context in
                    hasStream = true
                    return try await closure(stream, context)
                }
            } catch let error as RPCError where !hasStream && error.code == .unavailable {
                let reason = reason(for: error)
                // gRPC picked a connection that the server was just closing by age: nothing was sent on it.
                guard reason is RPCError, attempts < Self.maximumAttempts else { throw explain(reason) }
                attempts += 1
                try await Task.sleep(for: .milliseconds(10))
            }
        }
    }

    private var current: HTTP2ClientTransport.Posix? {
        state.withLock { state in
            guard case .open(let transport) = state else { return nil }
            return transport
        }
    }

    /// What gRPC buries under the states of its channel. An `RPCError` says that there is no more than those.
    private func reason(for error: RPCError) -> any Error {
        if let refused = refusal.latest { return refused }
        var root: any Error = error
        while let cause = (root as? RPCError)?.cause {
            root = cause
        }
        return root
    }

    private func explain(_ reason: any Error) -> RPCError {
        let text = (reason as? RPCError)?.message ?? ConnectionFailure(reason).reason
        return RPCError(code: .unavailable, message: "cannot reach \(connector): \(text)", cause: reason)
    }
}
