// SPDX-License-Identifier: Apache-2.0

import ComityResources
import ComityTelemetry
import Logging

extension ControllerConfiguration {
    /// All effective values, for the log.
    var effectiveValues: Logger.Metadata {
        var values: Logger.Metadata = [
            "clusterName": "\(clusterName)", "trustDomain": "\(trustDomain)", "clusterDomain": "\(clusterDomain ?? "")",
            "ignoreNamespaces": .array(ignoreNamespaces.map { "\($0)" }), "gcInterval": .stringConvertible(gcInterval),
            "spireServerSocketPath": "\(serverSocketPath)", "className": "\(classRule.className)",
            "watchClassless": .stringConvertible(classRule.watchesClassless),
            "parentIDTemplate": "\(parentIDTemplate)",
            "reconcile": .dictionary([
                "clusterSPIFFEIDs": .stringConvertible(reconciled.clusterSPIFFEIDs),
                "clusterFederatedTrustDomains": .stringConvertible(reconciled.clusterFederatedTrustDomains),
                "clusterStaticEntries": .stringConvertible(reconciled.clusterStaticEntries),
            ]),
            "entryIDPrefix": "\(entryIDPrefix)", "leaderElect": .stringConvertible(leaderElection.isOn),
            "metricsBindAddress": "\(metrics?.description ?? "0")",
            "healthProbeBindAddress": "\(health?.description ?? "0")",
            "deletesForeign": .stringConvertible(deletesForeign),
            "maximumDeletedShare": .stringConvertible(maximumDeletedShare),
            "allowMassDeletion": .stringConvertible(allowsMassDeletion), "dryRun": .stringConvertible(isDryRun),
        ]
        if let entryIDPrefixCleanup { values["entryIDPrefixCleanup"] = "\(entryIDPrefixCleanup)" }
        if let staticManifestPath {
            values["staticManifestPath"] = "\(staticManifestPath)"
            values["expandEnvStaticManifests"] = .stringConvertible(expandsStaticManifests)
        }
        if let ownershipPath { values["ownershipPath"] = "\(ownershipPath)" }
        if !cachedNamespaces.isEmpty {
            values["cacheNamespaces"] = .array(cachedNamespaces.keys.sorted().map { "\($0)" })
        }
        return values
    }
}
