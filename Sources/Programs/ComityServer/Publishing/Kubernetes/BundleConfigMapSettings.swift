// SPDX-License-Identifier: Apache-2.0

/// Which ConfigMap of a cluster holds the own bundle, and how.
package struct BundleConfigMapSettings: Hashable, Sendable {
    /// What the configuration calls the cluster.
    package var cluster: String
    /// `nil` for the cluster that the server runs in.
    package var kubeconfigPath: String?
    package var namespace: String
    package var name: String
    package var key: String
    package var format: PublishedBundleFormat

    package init(
        cluster: String, kubeconfigPath: String? = nil, namespace: String, name: String, key: String,
        format: PublishedBundleFormat
    ) {
        self.cluster = cluster
        self.kubeconfigPath = kubeconfigPath
        self.namespace = namespace
        self.name = name
        self.key = key
        self.format = format
    }
}
