// SPDX-License-Identifier: Apache-2.0

import ComityAttestation
import ComityConfiguration
import Testing

@Suite struct KubernetesPluginTests {
    @Test func readsClustersOfTokens() throws {
        let attestors = try server(
            """
            NodeAttestor "k8s_psat" { plugin_data { clusters = {
                "a.b" = { service_account_allow_list = ["ns:sa"] }
                "west" = {
                    service_account_allow_list = ["ns:one", "ns:two"] audience = [] kube_config_file = "/k"
                    allowed_node_label_keys = ["n/a"] allowed_pod_label_keys = ["p"] use_pod_uid_for_agent_id = true
                }
            } } }
            """
        ).nodeAttestors
        var west = PSATServerSettings.Cluster(serviceAccounts: ["ns:one", "ns:two"])
        west.audiences = []
        west.kubeconfigPath = "/k"
        west.nodeLabelKeys = ["n/a"]
        west.podLabelKeys = ["p"]
        west.namesAgentsByPod = true
        let clusters = ["a.b": PSATServerSettings.Cluster(serviceAccounts: ["ns:sa"]), "west": west]
        #expect(attestors == [.kubernetesToken(PSATServerSettings(clusters: clusters))])
        #expect(clusters["a.b"]?.audiences == ["spire-server"])
    }

    @Test func readsConfigMapsAndNotifiers() throws {
        let server = try server(
            """
            BundlePublisher "k8s_configmap" { plugin_data { clusters "east" {
                format = "PEM" namespace = "n" configmap_name = "m" configmap_key = "k" kubeconfig_path = "/k"
                refresh_hint = "1m"
            } } }
            Notifier "k8sbundle" { plugin_data {
                namespace = "n" webhook_label = "w" api_service_label = "s"
                clusters = [{ kube_config_file_path = "/a" }, { kube_config_file_path = "/b" config_map = "m" }]
            } }
            """)
        let map = try #require(server.bundleConfigMaps.first)
        #expect(map.format == .pem && map.kubeconfigPath == "/k" && map.refreshHint == .seconds(60))
        #expect(server.bundleNotifiers.map(\.kubeconfigPath) == [nil, "/a", "/b"])
        #expect(server.bundleNotifiers.map(\.configMap) == [nil, nil, "m"])
        #expect(server.bundleNotifiers[0].webhookLabel == "w" && server.bundleNotifiers[0].apiServiceLabel == "s")
    }

    @Test(arguments: [("", 1), ("clusters = [{ kube_config_file_path = \"/a\" }]", 1), ("config_map_key = \"k\"", 1)])
    func aNotifierHasACluster(data: String, count: Int) throws {
        #expect(try server("Notifier \"k8sbundle\" { plugin_data { \(data) } }").bundleNotifiers.count == count)
    }

    @Test(arguments: [
        (
            "NodeAttestor \"k8s_psat\" {}",
            "No clusters configured, PSAT attestation is effectively disabled"
        ),
        (
            "NodeAttestor \"k8s_psat\" { plugin_data { clusters = { \"c\" = {} } } }",
            "cluster \"c\" configuration must have at least one service account allowed"
        ),
        (
            "NodeAttestor \"k8s_psat\" { plugin_data { clusters = { \"c\" = { service_account_allow_list = [\"sa\"] } } } }",
            "service account \"sa\" must be written as namespace:name"
        ),
        (
            "NodeAttestor \"k8s_psat\" { plugin_data { clusters = { \"c\" = { service_account_allow_list = [\"a:b\"] audiences = [] } } } }",
            "unknown configurations detected: audiences"
        ),
        ("NodeAttestor \"k8s_psat\" { plugin_data { clusters = { \"c\" = 7 } } }", "clusters.c must be a block"),
        ("BundlePublisher \"k8s_configmap\" {}", "No clusters configured, bundle will not be published"),
        (
            "BundlePublisher \"k8s_configmap\" { plugin_data { clusters = { \"c\" = { namespace = \"n\" configmap_name = \"m\" configmap_key = \"k\" } } } }",
            "missing bundle format in cluster \"c\""
        ),
        (
            "BundlePublisher \"k8s_configmap\" { plugin_data { clusters = { \"c\" = { format = \"der\" namespace = \"n\" configmap_name = \"m\" configmap_key = \"k\" } } } }",
            "bundle format \"der\" is not supported; must be one of [spiffe, jwks, pem]"
        ),
        (
            "BundlePublisher \"k8s_configmap\" { plugin_data { clusters = { \"c\" = { format = \"pem\" configmap_name = \"m\" configmap_key = \"k\" } } } }",
            "missing namespace in cluster \"c\""
        ),
        (
            "Notifier \"k8sbundle\" { plugin_data { clusters = [{ namespace = \"n\" }] } }",
            "cluster configuration is missing kube_config_file_path"
        ),
        ("Notifier \"k8sbundle\" { plugin_data { configmap = \"m\" } }", "unknown configurations detected: configmap"),
    ])
    func saysWhatIsWrong(plugin: String, message: String) {
        let faults = Fixture.serverFaults(Fixture.completeServer("", plugins: plugins(plugin)))
        #expect(faults.count == 1)
        #expect(faults.first?.contains(message) == true, "\(faults)")
    }

    @Test func anAgentNamesItsCluster() {
        let plugins = "plugins { KeyManager \"memory\" {} NodeAttestor \"k8s_psat\" {} WorkloadAttestor \"unix\" {} }"
        let faults = Fixture.agentFaults(Fixture.completeAgent("insecure_bootstrap = true", plugins: plugins))
        #expect(faults.count == 1 && faults[0].contains("missing required cluster block"))
    }

    private func server(_ text: String) throws -> ServerConfiguration {
        let file = ConfigurationFile(name: "s", text: Fixture.completeServer("", plugins: plugins(text)))
        return try ServerConfiguration.load(file).configuration
    }

    private func plugins(_ text: String) -> String {
        """
        plugins {
        DataStore "sql" { plugin_data { database_type = "sqlite3" connection_string = "/d" } }
        KeyManager "memory" {}
        \(text)
        }
        """
    }
}
