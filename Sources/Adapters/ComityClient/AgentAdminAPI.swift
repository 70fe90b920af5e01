// SPDX-License-Identifier: Apache-2.0

package import ComityTransport
package import GRPCCore
package import ServerAPIProtos

/// The Debug and Logger services of an agent, over its admin socket.
package struct AgentAdminAPI: Sendable {
    private static let timeout = Duration.seconds(60)

    package let debug: Spire_Agent_Debug_V1_Debug.Client<GRPCConnection>
    package let logger: Spire_Api_Agent_Logger_V1_Logger.Client<GRPCConnection>

    package init(_ client: GRPCClient<GRPCConnection>) {
        debug = .init(wrapping: client)
        logger = .init(wrapping: client)
    }

    /// Connects for as long as `body` runs.
    ///
    /// - Throws: ``ClientError`` when nobody listens on the socket, and what `body` throws.
    package static func connect<Result: Sendable>(
        socketPath: String, _ body: (AgentAdminAPI) async throws -> Result
    ) async throws -> Result {
        try UnixSocketProbe.check(socketPath)
        return try await GRPCConnector.unix(path: socketPath, callTimeout: timeout).withClient { client in
            try await body(AgentAdminAPI(client))
        }
    }
}
