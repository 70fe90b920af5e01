// SPDX-License-Identifier: Apache-2.0

/// One cluster of the bundle publisher `k8s_configmap`.
package struct BundleConfigMapConfiguration: Sendable, Hashable {
    package var cluster: String
    package var format: BundleFileConfiguration.Format
    package var namespace: String
    package var name: String
    package var key: String
    package var kubeconfigPath: String?
    package var refreshHint: Duration?

    static func clusters(_ plugin: PluginConfiguration, _ faults: FaultCollector) -> [Self] {
        let section = plugin.section(faults)
        let count = faults.errorCount
        let clusters = section.namedSections("clusters")
        if clusters.isEmpty, faults.errorCount == count {
            faults.warning("No clusters configured, bundle will not be published", at: section.place)
        }
        section.reportUnknownPluginKeys()
        return clusters.compactMap { Self($0.name, $0.section) }
    }

    /// The texts of faults are SPIRE's.
    private init?(_ cluster: String, _ section: ConfigurationSection) {
        defer { section.reportUnknownPluginKeys() }
        let formats = BundleFileConfiguration.Format.allCases.map(\.rawValue)
        let format = section.requiredText("format", missing: "missing bundle format in cluster \(cluster.quoted)")
        let namespace = section.requiredText("namespace", missing: "missing namespace in cluster \(cluster.quoted)")
        let name = section.requiredText(
            "configmap_name", missing: "missing configmap name in cluster \(cluster.quoted)")
        let key = section.requiredText("configmap_key", missing: "missing configmap key in cluster \(cluster.quoted)")
        kubeconfigPath = section.text("kubeconfig_path")?.value
        refreshHint = section.duration("refresh_hint", as: "refresh_hint")?.value
        let known = format.flatMap { BundleFileConfiguration.Format(rawValue: $0.value.lowercased()) }
        if let format, known == nil {
            section.faults.error(
                "bundle format \(format.value.quoted) is not supported; must be one of "
                    + "[\(formats.joined(separator: ", "))]", at: format.place)
        }
        guard let known, let namespace, let name, let key else { return nil }
        self.cluster = cluster
        self.format = known
        self.namespace = namespace.value
        self.name = name.value
        self.key = key.value
    }
}
