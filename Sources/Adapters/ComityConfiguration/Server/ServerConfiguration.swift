// SPDX-License-Identifier: Apache-2.0

package import ComityAttestation
package import ComityTelemetry
package import SPIFFE

/// All that a server is told by its file and flags.
package struct ServerConfiguration: Sendable, Hashable {
    package static let defaultPath = "conf/server/server.conf"
    package static let defaultSocketPath = "/tmp/spire-server/private/api.sock"

    package var trustDomain: TrustDomain
    /// An IP address or host name, without brackets.
    package var bindAddress: String
    package var bindPort: Int
    /// The admin socket.
    package var socketPath: String
    package var dataDirectory: String
    /// Identities that may administer the server, of its own or of federated trust domains.
    package var adminIDs: [SPIFFEID]
    package var authorization: AuthorizationConfiguration
    package var authority: AuthorityConfiguration
    package var federation: FederationConfiguration
    package var rateLimits: RateLimitConfiguration
    package var log: LogSettings
    /// Nil when health is not served.
    package var health: HealthListenerSettings?
    /// Nil when metrics are not served.
    package var metrics: MetricsSettings?
    package var dataStore: DataStoreConfiguration
    package var keyManager: KeyManagerConfiguration
    /// Nil when the server's CAs are their own roots.
    package var upstreamAuthority: UpstreamAuthorityConfiguration?
    /// Files that always hold the own bundle.
    package var bundleFiles: [BundleFileConfiguration]
    package var bundleConfigMaps: [BundleConfigMapConfiguration]
    package var bundleNotifiers: [BundleNotifierConfiguration]
    /// Nil when agents that have ended are kept.
    package var nodePruning: NodePruningConfiguration?
    /// Gives every agent its own ID as a selector.
    package var makesAgentIDSelector: Bool
    /// The methods that prove nodes, in the order of the file.
    package var nodeAttestors: [ServerNodeAttestorSettings]
}
