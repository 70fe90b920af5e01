// SPDX-License-Identifier: Apache-2.0

/// Which pods of which clusters `k8s_psat` lets in.
package struct PSATServerSettings: Hashable, Sendable {
    package struct Cluster: Hashable, Sendable {
        package static let defaultAudiences = ["spire-server"]

        /// As `namespace:name`.
        package var serviceAccounts: Set<String>
        /// One of these a token must be for; none stands for the API server's own.
        package var audiences = defaultAudiences
        /// `nil` asks the API server of the pod that the server runs in.
        package var kubeconfigPath: String?
        /// Labels that become selectors.
        package var nodeLabelKeys: Set<String> = []
        package var podLabelKeys: Set<String> = []
        /// Names agents by their pod instead of their node.
        package var namesAgentsByPod = false

        package init(serviceAccounts: Set<String>) {
            self.serviceAccounts = serviceAccounts
        }
    }

    /// By name.
    package var clusters: [String: Cluster]

    package init(clusters: [String: Cluster]) {
        self.clusters = clusters
    }
}
