// SPDX-License-Identifier: Apache-2.0

package import ComityAttestation
package import ComityAuthority
package import ComityTelemetry
package import ComityWorkloads
package import FoundationEssentials
package import SPIFFE

/// What an agent is told to be.
package struct AgentSettings: Sendable {
    /// Where the agent's own keys are.
    package enum KeyStorage: Hashable, Sendable {
        /// Lost with the process, so that a restart attests anew.
        case memory
        /// In `keys.json` in this folder.
        case disk(folder: String)
    }

    package var trustDomain: TrustDomain
    /// A DNS name or an IP address.
    package var serverAddress: String
    package var serverPort: Int
    package var dataFolder: String
    package var socketPath: String
    package var keyStorage: KeyStorage
    package var trustBundle: TrustBundleSource
    /// How the node is proven; `nil` when only a stored identity can be used.
    package var nodeAttestor: (any AgentNodeAttestor)?
    package var workloadAttestors: [any WorkloadAttestor]
    package var rebootstrap = RebootstrapPolicy()

    package var syncInterval: TimeInterval = 5
    package var workloadKeyType = KeyType.ecP256
    package var rotationAvailability: TimeInterval?
    package var x509SVIDCacheSize = 1000
    package var jwtSVIDCacheSize = 1000
    /// Lets callers without identity have the own trust domain's bundles.
    package var allowsUnauthenticatedVerifiers = false
    package var allowedForeignJWTClaims: Set<String> = []
    package var servesWorkloadAPI = true
    /// Calls a second that one kind of workload may make, by method of the Workload API; none for the others.
    package var workloadRates: [String: Int] = [:]
    /// Whether there is a public socket, with or without the Workload API.
    package var hasPublicSocket = true
    /// `nil` when there is no admin socket.
    package var adminSocketPath: String?
    /// Who may have the identities of others on the admin socket.
    package var authorizedDelegates: Set<SPIFFEID> = []
    /// `nil` serves the state of health by gRPC only.
    package var health: HealthListenerSettings?
    /// `nil` serves metrics nowhere.
    package var metrics: MetricsSettings?
    /// How long the agent tries to attest and to sync for the first time.
    package var startRetry = Backoff.start
    /// What the agent calls itself to the server.
    package var version = "dev"

    package init(
        trustDomain: TrustDomain, serverAddress: String, serverPort: Int, dataFolder: String, socketPath: String,
        keyStorage: KeyStorage, trustBundle: TrustBundleSource, nodeAttestor: (any AgentNodeAttestor)?,
        workloadAttestors: [any WorkloadAttestor]
    ) {
        self.trustDomain = trustDomain
        self.serverAddress = serverAddress
        self.serverPort = serverPort
        self.dataFolder = dataFolder
        self.socketPath = socketPath
        self.keyStorage = keyStorage
        self.trustBundle = trustBundle
        self.nodeAttestor = nodeAttestor
        self.workloadAttestors = workloadAttestors
    }
}
