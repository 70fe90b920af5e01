// SPDX-License-Identifier: Apache-2.0

import ComityKubernetes
import ComityResources

extension ResourceType {
    static let clusterSPIFFEIDs = spire(ClusterSPIFFEID.kind, "clusterspiffeids")
    static let clusterFederatedTrustDomains = spire(ClusterFederatedTrustDomain.kind, "clusterfederatedtrustdomains")
    static let clusterStaticEntries = spire(ClusterStaticEntry.kind, "clusterstaticentries")

    private static func spire(_ kind: String, _ plural: String) -> ResourceType {
        ResourceType(group: "spire.spiffe.io", version: "v1alpha1", kind: kind, plural: plural, isNamespaced: false)
    }
}
