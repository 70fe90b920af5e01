// SPDX-License-Identifier: Apache-2.0

package import ComityTransport
package import GRPCCore
package import ServerAPIProtos

/// Every service of a server, over its admin socket.
///
/// ```swift
/// let token = try await ServerAPI.connect(socketPath: path) { api in
///     try await api.agents.createJoinToken(.with { $0.ttl = 600 })
/// }
/// ```
package struct ServerAPI: Sendable {
    /// Longer than the server's own deadline for fetching a bundle.
    package static let defaultTimeout = Duration.seconds(60)

    package let agents: Spire_Api_Server_Agent_V1_Agent.Client<GRPCConnection>
    package let bundles: Spire_Api_Server_Bundle_V1_Bundle.Client<GRPCConnection>
    package let debug: Spire_Api_Server_Debug_V1_Debug.Client<GRPCConnection>
    package let entries: Spire_Api_Server_Entry_V1_Entry.Client<GRPCConnection>
    package let federationStatus: Comity_Federation_V1_FederationStatus.Client<GRPCConnection>
    package let health: Grpc_Health_V1_Health.Client<GRPCConnection>
    package let localAuthorities: Spire_Api_Server_Localauthority_V1_LocalAuthority.Client<GRPCConnection>
    package let logger: Spire_Api_Server_Logger_V1_Logger.Client<GRPCConnection>
    package let ownership: Comity_Ownership_V1_Ownership.Client<GRPCConnection>
    package let svids: Spire_Api_Server_Svid_V1_SVID.Client<GRPCConnection>
    package let trustDomains: Spire_Api_Server_Trustdomain_V1_TrustDomain.Client<GRPCConnection>

    package init(_ client: GRPCClient<GRPCConnection>) {
        agents = .init(wrapping: client)
        bundles = .init(wrapping: client)
        debug = .init(wrapping: client)
        entries = .init(wrapping: client)
        federationStatus = .init(wrapping: client)
        health = .init(wrapping: client)
        localAuthorities = .init(wrapping: client)
        logger = .init(wrapping: client)
        ownership = .init(wrapping: client)
        svids = .init(wrapping: client)
        trustDomains = .init(wrapping: client)
    }

    /// Connects for as long as `body` runs.
    ///
    /// - Parameter timeout: The deadline of each call.
    /// - Throws: ``ClientError`` when nobody listens on the socket, and what `body` throws.
    package static func connect<Result: Sendable>(
        socketPath: String, timeout: Duration = defaultTimeout, _ body: (ServerAPI) async throws -> Result
    ) async throws -> Result {
        try UnixSocketProbe.check(socketPath)
        return try await GRPCConnector.unix(path: socketPath, callTimeout: timeout).withClient { client in
            try await body(ServerAPI(client))
        }
    }
}
