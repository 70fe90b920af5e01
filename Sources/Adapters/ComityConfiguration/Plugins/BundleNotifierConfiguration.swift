// SPDX-License-Identifier: Apache-2.0

/// One cluster of the notifier `k8sbundle`; what is `nil` is SPIRE's default.
package struct BundleNotifierConfiguration: Sendable, Hashable {
    package var kubeconfigPath: String?
    package var namespace: String?
    package var configMap: String?
    package var configMapKey: String?
    package var webhookLabel: String?
    package var apiServiceLabel: String?

    static func clusters(_ plugin: PluginConfiguration, _ faults: FaultCollector) -> [Self] {
        let section = plugin.section(faults)
        let own = Self(section)
        let others = section.listedSections("clusters").map { cluster in
            let configuration = Self(cluster)
            if configuration.kubeconfigPath == nil {
                faults.error("cluster configuration is missing kube_config_file_path", at: cluster.place)
            }
            cluster.reportUnknownPluginKeys()
            return configuration
        }
        section.reportUnknownPluginKeys()
        return own == Self() && !others.isEmpty ? others : [own] + others
    }

    private init() {}

    private init(_ section: ConfigurationSection) {
        kubeconfigPath = section.text("kube_config_file_path")?.value
        namespace = section.text("namespace")?.value
        configMap = section.text("config_map")?.value
        configMapKey = section.text("config_map_key")?.value
        webhookLabel = section.text("webhook_label")?.value
        apiServiceLabel = section.text("api_service_label")?.value
    }
}
