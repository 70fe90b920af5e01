// SPDX-License-Identifier: Apache-2.0

import ComityAttestation
import ComityConfiguration
import ComityRegistry
import ComityTelemetry
import SPIFFE
import Testing

/// What Helm's chart and OpenShift's operator write, read unchanged (facts of scenarios S4 and S17).
@Suite struct KubernetesConfigurationTests {
    @Test func readsTheServerOfAnOperator() throws {
        let loaded = try ServerConfiguration.load(path: Fixture.path("server.operator.json"))
        let server = loaded.configuration
        #expect(loaded.warnings.map(\.message) == [])
        #expect(
            server.nodeAttestors == [psat("cluster1", account: "zero-trust:spire-agent")])
        let notifier = try #require(server.bundleNotifiers.first)
        #expect(server.bundleNotifiers.count == 1 && server.bundleConfigMaps.isEmpty)
        #expect(notifier.namespace == "zero-trust" && notifier.configMap == "spire-bundle")
        #expect(notifier.configMapKey == nil && notifier.kubeconfigPath == nil)
        #expect(server.federation.bundleEndpoint?.profile == .httpsSPIFFE)
        #expect(server.federation.relationships.map(\.trustDomain.name) == ["partner.test"])
    }

    @Test func readsTheServerOfAChart() throws {
        let loaded = try ServerConfiguration.load(path: Fixture.path("server.chart.json"))
        let server = loaded.configuration
        #expect(loaded.warnings.map(\.message) == [])
        #expect(server.nodeAttestors == [psat("example-cluster", account: "spire-system:spire-agent")])
        let published = try #require(server.bundleConfigMaps.first)
        #expect(server.bundleConfigMaps.count == 1 && server.bundleNotifiers.count == 1)
        #expect(published.cluster == "example-cluster" && published.format == .spiffe)
        #expect(published.namespace == "spire-system" && published.name == "spire-bundle")
        #expect(published.key == "bundle.spiffe" && published.kubeconfigPath == nil && published.refreshHint == nil)
        #expect(server.bindPort == 8081 && server.metrics?.port == 9988 && server.health?.port == 8080)
        #expect(server.federation.bundleEndpoint?.refreshHint == .seconds(300))
    }

    @Test func readsTheAgentOfAnOperator() throws {
        let loaded = try AgentConfiguration.load(path: Fixture.path("agent.operator.json"))
        #expect(
            loaded.warnings.map(\.message) == [
                "agent.retry_bootstrap has no effect: the start is always tried again",
                "WorkloadAttestor \"k8s\".verify_kubelet_certificate has no effect: the kubelet is verified unless "
                    + "skip_kubelet_verification is set",
            ])
        #expect(loaded.configuration.nodeAttestor == .kubernetesToken(PSATAgentSettings(cluster: "cluster1")))
        #expect(
            loaded.configuration.workloadAttestors == [
                .kubernetes(kubelet(authority: "/etc/kubernetes/kubelet-ca.crt", variable: "MY_NODE_NAME"))
            ])
    }

    @Test func readsTheAgentOfAChart() throws {
        let loaded = try AgentConfiguration.load(path: Fixture.path("agent.chart.json"))
        #expect(loaded.warnings.map(\.message) == ["agent.sds has no effect: Envoy SDS is not served yet"])
        let agent = loaded.configuration
        #expect(agent.nodeAttestor == .kubernetesToken(PSATAgentSettings(cluster: "example-cluster")))
        #expect(
            agent.workloadAttestors == [
                .kubernetes(kubelet(authority: "/hostCert/kubelet.crt", variable: "KUBELET_ADDR")),
                .unix(UnixAttestorSettings()),
            ])
        #expect(agent.serverPort == 443 && agent.rebootstrap.mode == .always)
        #expect(agent.trustBundle == .file(path: "/run/spire/bundle/bundle.spiffe", .spiffe))
    }

    private func psat(_ cluster: String, account: String) -> ServerNodeAttestorSettings {
        .kubernetesToken(
            PSATServerSettings(clusters: [cluster: PSATServerSettings.Cluster(serviceAccounts: [account])]))
    }

    private func kubelet(authority: String, variable: String) -> KubernetesAttestorSettings {
        var settings = KubernetesAttestorSettings()
        settings.connection = .secure(
            port: 10250, authorityPath: authority, .token(path: KubernetesAttestorSettings.defaultTokenPath))
        settings.nodeNameVariable = variable
        return settings
    }
}
