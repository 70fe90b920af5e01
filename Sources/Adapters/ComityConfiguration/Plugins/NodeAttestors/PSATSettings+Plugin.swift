// SPDX-License-Identifier: Apache-2.0

import ComityAttestation

extension ConfigurationSection {
    func psatAgent() -> PSATAgentSettings? {
        let path = text("token_path")?.value ?? PSATAgentSettings.defaultTokenPath
        guard let cluster = requiredText("cluster", missing: "missing required cluster block") else { return nil }
        return PSATAgentSettings(cluster: cluster.value, tokenPath: path)
    }

    func psatServer() -> PSATServerSettings {
        let count = faults.errorCount
        let clusters = namedSections("clusters")
        if clusters.isEmpty, faults.errorCount == count {
            faults.warning("No clusters configured, PSAT attestation is effectively disabled", at: place)
        }
        return PSATServerSettings(
            clusters: Dictionary(
                clusters.map { ($0.name, $0.section.psatCluster($0.name)) }, uniquingKeysWith: { _, last in last }))
    }

    private func psatCluster(_ name: String) -> PSATServerSettings.Cluster {
        defer { reportUnknownPluginKeys() }
        let accounts = texts("service_account_allow_list")
        if accounts.isEmpty {
            faults.error(
                "cluster \(name.quoted) configuration must have at least one service account allowed", at: place)
        }
        for account in accounts where account.value.split(separator: ":", omittingEmptySubsequences: false).count != 2 {
            faults.error(
                "service account \(account.value.quoted) must be written as namespace:name", at: account.place)
        }
        var cluster = PSATServerSettings.Cluster(serviceAccounts: Set(accounts.map(\.value)))
        // An empty list is not the same as none.
        if node("audience") != nil { cluster.audiences = texts("audience").map(\.value) }
        cluster.kubeconfigPath = text("kube_config_file")?.value
        cluster.nodeLabelKeys = Set(texts("allowed_node_label_keys").map(\.value))
        cluster.podLabelKeys = Set(texts("allowed_pod_label_keys").map(\.value))
        cluster.namesAgentsByPod = flag("use_pod_uid_for_agent_id") ?? false
        return cluster
    }
}
