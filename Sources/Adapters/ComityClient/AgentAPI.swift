// SPDX-License-Identifier: Apache-2.0

package import ComityTransport
package import GRPCCore
package import ServerAPIProtos
package import WorkloadAPIProtos

/// The Workload API and the health of an agent, over its public socket.
package struct AgentAPI: Sendable {
    package let health: Grpc_Health_V1_Health.Client<GRPCConnection>
    package let workload: Workload_SpiffeWorkloadAPI.Client<GRPCConnection>

    /// What every call of the Workload API carries (Workload Endpoint §3).
    package static let securityHeader: Metadata = ["workload.spiffe.io": "true"]

    package init(_ client: GRPCClient<GRPCConnection>) {
        health = .init(wrapping: client)
        workload = .init(wrapping: client)
    }

    /// Connects for as long as `body` runs.
    ///
    /// - Parameter timeout: The deadline of each call; `nil` for streams that stay open.
    /// - Throws: ``ClientError`` when nobody listens on the socket, and what `body` throws.
    package static func connect<Result: Sendable>(
        socketPath: String, timeout: Duration?, _ body: (AgentAPI) async throws -> Result
    ) async throws -> Result {
        try UnixSocketProbe.check(socketPath)
        return try await GRPCConnector.unix(path: socketPath, callTimeout: timeout).withClient { client in
            try await body(AgentAPI(client))
        }
    }
}
