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
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await serve() }
            group.addTask {
                // Throws when the server ended by itself and this task is cancelled.
                try await gracefulShutdown()
                server.beginGracefulShutdown()
                try await Task.sleep(for: gracePeriod)
            }
            // Whichever ends first ends the other: cancelling `serve` cuts off what is still open.
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private func serve() async throws {
        do {
            try await server.serve()
        } catch let error as RuntimeError {
            throw error.cause as? TransportError ?? error
        }
    }
}
