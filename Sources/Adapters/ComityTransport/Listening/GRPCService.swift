// SPDX-License-Identifier: Apache-2.0

package import GRPCCore
import ServiceLifecycle

/// Runs a gRPC server until it is asked to stop, and never waits longer for its peers than agreed.
package struct GRPCService: Service {
    private let server: GRPCServer<PeerServerTransport>
    private let gracePeriod: Duration

    /// - Parameter gracePeriod: Open RPCs may end by themselves for this long after a graceful shutdown began.
    package init(server: GRPCServer<PeerServerTransport>, gracePeriod: Duration = .seconds(5)) {
        self.server = server
        self.gracePeriod = gracePeriod
    }

    /// Where it listens, once it does.
    package var boundAddress: BoundAddress? {
        get async { await server.transport.boundAddress }
    }

    /// Returns when the server has stopped.
    ///
    /// - Throws: ``TransportError`` when it cannot listen.
    package func run() async throws {
        // Awaited below, and not cancelled with us: gRPC traps when it is cancelled while a peer opens a stream.
        let serving = Task { try await serve() }
        try await withTaskCancellationHandler {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await serving.value }
                group.addTask {
                    // Throws when the server ended by itself and this task is cancelled.
                    try await gracefulShutdown()
                    server.beginGracefulShutdown()
                    try await Task.sleep(for: gracePeriod)
                    cutOff(serving)
                    try await serving.value
                }
                // Whichever ends first ends the other.
                defer { group.cancelAll() }
                try await group.next()
            }
        } onCancel: {
            cutOff(serving)
        }
    }

    /// Lets nobody in any more, closes what is open, and ends what works on without a peer.
    private func cutOff(_ serving: Task<Void, any Error>) {
        server.beginGracefulShutdown()
        server.transport.closeConnections { serving.cancel() }
    }

    private func serve() async throws {
        do {
            try await server.serve()
        } catch let error as RuntimeError where error.code == .serverIsStopped {
            throw CancellationError()
        } catch let error as RuntimeError {
            throw error.cause as? TransportError ?? error
        }
    }
}
