// SPDX-License-Identifier: Apache-2.0

package import ComityAttestation
package import ComityAuthority
package import ComityTelemetry
package import SPIFFE

/// All that an agent is told by its file and flags.
package struct AgentConfiguration: Sendable, Hashable {
    package static let defaultPath = "conf/agent/agent.conf"
    package static let defaultSocketPath = "/tmp/spire-agent/public/api.sock"

    package enum JoinToken: Sendable, Hashable {
        case value(String)
        /// The token is the file's text without surrounding white space.
        case file(String)
    }

    package var trustDomain: TrustDomain
    /// A DNS name or an IP address.
    package var serverAddress: String
    package var serverPort: Int
    /// The socket of the Workload API.
    package var socketPath: String
    package var servesWorkloadAPI: Bool
    /// Calls a second that one kind of workload may make, by method of the Workload API; none for the others.
    package var workloadRates: [String: Int]
    /// Whether there is a public socket, with or without the Workload API.
    package var hasPublicSocket: Bool
    /// Nil when there is no admin socket.
    package var adminSocketPath: String?
    /// Who may have the identities of others on the admin socket.
    package var authorizedDelegates: [SPIFFEID]
    package var dataDirectory: String
    package var trustBundle: TrustBundleConfiguration
    /// What happens when the trust bundle does not know the server.
    package var rebootstrap: RebootstrapPolicy
    package var joinToken: JoinToken?
    package var workloadKeyType: KeyType
    /// How long the server may be away before an SVID ends; nil rotates at half the lifetime.
    package var availabilityTarget: Duration?
    package var syncInterval: Duration
    package var x509SVIDCacheSize: Int
    package var jwtSVIDCacheSize: Int
    package var allowsUnauthenticatedVerifiers: Bool
    package var allowedForeignJWTClaims: [String]
    package var log: LogSettings
    /// Nil when health is not served.
    package var health: HealthListenerSettings?
    /// Nil when metrics are not served.
    package var metrics: MetricsSettings?
    package var keyManager: KeyManagerConfiguration
    /// The method that proves this node; nil when only ``joinToken`` does.
    package var nodeAttestor: AgentNodeAttestorSettings?
    /// How workloads are looked at, in the order of the file.
    package var workloadAttestors: [WorkloadAttestorSettings]
}
