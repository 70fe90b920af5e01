// SPDX-License-Identifier: Apache-2.0

package import ComityResources
package import ComityTelemetry
package import SPIFFE

/// What a ControllerManagerConfig says, with the defaults for what it leaves out.
package struct ControllerConfiguration: Sendable {
    /// Which kinds are kept in step.
    package struct Reconciled: Hashable, Sendable {
        package var clusterSPIFFEIDs: Bool
        package var clusterFederatedTrustDomains: Bool
        package var clusterStaticEntries: Bool
    }

    /// Which objects of a namespace are looked at.
    package struct Selection: Hashable, Sendable {
        package var labelSelector = ""
        package var fieldSelector = ""

        package init() {}
    }

    package struct LeaderElection: Hashable, Sendable {
        package var isOn = false
        package var namespace = ""
        package var name = ""
        package var leaseDuration = Duration.seconds(15)
        package var renewDeadline = Duration.seconds(10)
        package var retryPeriod = Duration.seconds(2)

        package init() {}
    }

    package var clusterName: String
    package var trustDomain: TrustDomain
    /// `nil` when the cluster is to be asked.
    package var clusterDomain: String?
    package var ignoreNamespaces: [NamespacePattern]
    package var classRule: ClassRule
    package var parentIDTemplate: String
    package var reconciled: Reconciled
    package var serverSocketPath: String
    /// How long a difference may stay that nobody told of.
    package var gcInterval: Duration
    package var logLevel: LogLevel
    package var logFormat: LogFormat

    package var entryIDPrefix: String
    package var entryIDPrefixCleanup: String?
    /// `nil` when the cluster is the source.
    package var staticManifestPath: String?
    package var expandsStaticManifests: Bool
    package var filtersByClassName: Bool
    /// By namespace; empty when all namespaces are looked at.
    package var cachedNamespaces: [String: Selection]
    package var leaderElection: LeaderElection
    /// `nil` when they are not served.
    package var metrics: BindAddress?
    package var health: BindAddress?
    package var readinessPath: String
    package var livenessPath: String

    package var deletesForeign: Bool
    package var maximumDeletedShare: Double
    package var allowsMassDeletion: Bool
    package var ownershipPath: String?
    package var isDryRun: Bool

    /// What claims of this controller are recorded under.
    package var owner: String {
        staticManifestPath == nil ? "\(clusterName)/\(classRule.className)" : clusterName
    }
}
