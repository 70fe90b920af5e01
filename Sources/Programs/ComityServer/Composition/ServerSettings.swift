// SPDX-License-Identifier: Apache-2.0

package import ComityAttestation
package import ComityRegistry
package import ComityStorage
package import ComityTelemetry
package import ComityUpstream
package import SPIFFE

/// Everything that a server is told before it starts.
package struct ServerSettings: Sendable {
    package enum Keys: Hashable, Sendable {
        case memory
        /// In one file of this path.
        case disk(path: String)
    }

    package enum Upstream: Hashable, Sendable {
        case disk(DiskUpstreamSettings)
        case spire(SPIREUpstreamSettings)
    }

    package enum Database: Hashable, Sendable {
        case file(path: String)
        /// Gone with the server.
        case temporary
        /// Shared with other servers of the trust domain.
        case postgres(PostgresSettings)
    }

    package var authority: AuthoritySettings
    /// Made when it is missing.
    package var dataFolder: String
    package var database: Database
    package var keys = Keys.memory
    package var upstream: Upstream?

    package var bindAddress = "0.0.0.0"
    /// 0 lets the system choose one.
    package var bindPort = 8081
    package var socketPath = "/tmp/spire-server/private/api.sock"

    package var adminIDs: Set<SPIFFEID> = []
    /// Full methods of operators that other callers may call too.
    package var allowedMethods: [SPIFFEID: Set<String>] = [:]
    /// How nodes may prove themselves; by join token they always may.
    package var nodeAttestors: [ServerNodeAttestorSettings] = []
    /// Gives every agent that attests its own ID as the selector `spiffe_id`.
    package var makesAgentIDSelector = false
    package var limitsAttestationRate = true
    package var limitsSigningRate = true

    package var bundleEndpoint: BundleEndpointSettings?
    /// Files that always hold the own bundle.
    package var bundleFiles: [BundleFileSettings] = []
    /// ConfigMaps that always hold the own bundle.
    package var bundleConfigMaps: [BundleConfigMapSettings] = []
    /// Clusters whose objects get the X.509 authorities.
    package var bundleNotifiers: [BundleNotifierSettings] = []
    /// From the configuration file.
    package var relationships: [FederationRelationship] = []
    /// Partners whose bundle may hold X.509 roots that other trust domains have too.
    package var domainsWithSharedRoots: Set<TrustDomain> = []

    /// Where the state of health is served; `nil` serves it nowhere.
    package var health: HealthListenerSettings?
    /// Where metrics are served; `nil` serves them nowhere.
    package var metrics: MetricsSettings?

    /// Nodes whose SVID ended longer ago than this are forgotten; `nil` keeps them.
    package var nodePruning: NodePruning?
    package var version = ""

    package var trustDomain: TrustDomain { authority.trustDomain }

    package init(authority: AuthoritySettings, dataFolder: String, database: Database) {
        self.authority = authority
        self.dataFolder = dataFolder
        self.database = database
    }
}

extension ServerSettings {
    /// Every place outside that is to hold the own bundle.
    func bundleTargets(_ kubernetes: KubernetesConnections) -> [any BundleTarget] {
        bundleFiles.map { BundleFile($0) }
            + bundleConfigMaps.map { BundleConfigMap($0, connections: kubernetes) }
            + bundleNotifiers.map { BundleNotifier($0, connections: kubernetes) }
    }
}
