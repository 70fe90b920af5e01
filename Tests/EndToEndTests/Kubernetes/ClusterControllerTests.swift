// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import FakeKubernetes
import Foundation
import Testing

/// The controller on a cluster, beside a real server.
@Suite struct ClusterControllerTests {
    /// A cluster with a pod on a node, and a controller for it whose server runs.
    private func start(
        _ more: String = "", _ flags: String...
    ) async throws -> (ControllerDeployment, KubernetesFixture, RunningProgram, RunningProgram) {
        let kubernetes = try await KubernetesFixture.start()
        try await kubernetes.installCustomResources()
        try await kubernetes.apply(
            """
            apiVersion: v1
            kind: Node
            metadata: {name: node-\(kubernetes.suffix)}
            ---
            apiVersion: v1
            kind: ServiceAccount
            metadata: {name: default}
            ---
            \(Self.pod("web", kubernetes))
            """)
        let deployment = try ControllerDeployment("one.test", kubernetes: kubernetes)
        try deployment.domain.writeServerConfiguration()
        let server = try await deployment.domain.startServer()
        try deployment.writeConfiguration(more)
        return (deployment, kubernetes, server, try await deployment.start())
    }

    private static func pod(_ name: String, _ kubernetes: KubernetesFixture) -> String {
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: \(name), labels: {app: \(name)}}
        spec:
          nodeName: node-\(kubernetes.suffix)
          containers: [{name: main, image: "registry.k8s.io/pause:3.9"}]
        """
    }

    private static func spiffeID(_ deployment: ControllerDeployment, _ kubernetes: KubernetesFixture) -> String {
        """
        apiVersion: spire.spiffe.io/v1alpha1
        kind: ClusterSPIFFEID
        metadata: {name: id-\(kubernetes.suffix)}
        spec:
          className: \(deployment.className)
          spiffeIDTemplate: "spiffe://{{ .TrustDomain }}/ns/{{ .PodMeta.Namespace }}/pod/{{ .PodMeta.Name }}"
          namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: \(kubernetes.namespace)}}
        """
    }

    private static func federated(
        _ deployment: ControllerDeployment, _ kubernetes: KubernetesFixture, className: String? = nil
    ) -> String {
        """
        apiVersion: spire.spiffe.io/v1alpha1
        kind: ClusterFederatedTrustDomain
        metadata: {name: two-\(kubernetes.suffix)}
        spec:
          className: \(className ?? deployment.className)
          trustDomain: two.test
          bundleEndpointURL: https://localhost:9/
          bundleEndpointProfile: {type: https_spiffe, endpointSPIFFEID: spiffe://two.test/spire/server}
        """
    }

    @Test("S1, S26, S33: a pod gets its entry, the resource says so, and both go with the pod")
    func givesPodsTheirEntries() async throws {
        let (deployment, kubernetes, server, controller) = try await start()
        defer { withExtendedLifetime(server) {} }
        let name = "id-\(kubernetes.suffix)"
        let path = "one.test/ns/\(kubernetes.namespace)/pod/"
        try await kubernetes.apply(Self.spiffeID(deployment, kubernetes))
        try await deployment.wait(forEntry: path + "web", controller)
        try await deployment.wait(forStatus: "clusterspiffeid", name, ".stats.podsSelected", "1", controller)
        try await deployment.wait(
            forStatus: "clusterspiffeid", name, ControllerDeployment.condition("Ready"), "True", controller)

        try await kubernetes.apply(Self.pod("later", kubernetes))
        try await deployment.wait(forEntry: path + "later", controller)
        try await deployment.kubectl(
            "delete", "pod", "later", "-n", kubernetes.namespace, "--grace-period=0", "--force"
        )
        try await deployment.wait(forEntry: path + "later", isThere: false, controller)
        try await deployment.kubectl("delete", "clusterspiffeid", name)
        try await deployment.wait(forEntry: path + "web", isThere: false, controller)
        try await kubernetes.remove()
    }

    @Test(
        "S23, S39, C11, §1.14 CFTD wrong className, no bundle: a relationship follows its resource, which says why trust is not there, or who handles it"
    )
    func followsFederation() async throws {
        let (deployment, kubernetes, server, controller) = try await start()
        defer { withExtendedLifetime(server) {} }
        let (type, name) = ("clusterfederatedtrustdomain", "two-\(kubernetes.suffix)")
        try await kubernetes.apply(Self.federated(deployment, kubernetes, className: "nobody-\(kubernetes.suffix)"))
        try await deployment.wait(
            forStatus: type, name, ControllerDeployment.condition("Selected"), "False", controller)
        try await kubernetes.apply(Self.federated(deployment, kubernetes))
        try await eventually("the relationship is there", or: { controller.log }) {
            try await deployment.relationships().contains("two.test") ? true : nil
        }
        try await deployment.wait(
            forStatus: type, name, ControllerDeployment.condition("Selected"), "True", controller)
        try await deployment.wait(
            forStatus: type, name, ControllerDeployment.condition("BundleAvailable", "reason"), "NoBundle", controller)
        try await deployment.wait(forStatus: type, name, ".lastError.class", "noBundle", controller)
        try await deployment.kubectl("delete", type, name)
        try await eventually("the relationship is gone", or: { controller.log }) {
            try await !deployment.relationships().contains("two.test") ? true : nil
        }
        try await kubernetes.remove()
    }

    @Test("§1.14 CSID that cannot be used: its entries stay, and it says why; the rest goes on")
    func aBadResourceDeletesNothing() async throws {
        let (deployment, kubernetes, server, controller) = try await start()
        defer { withExtendedLifetime(server) {} }
        let name = "id-\(kubernetes.suffix)"
        let path = "one.test/ns/\(kubernetes.namespace)/pod/"
        let good = Self.spiffeID(deployment, kubernetes)
        try await kubernetes.apply(good)
        try await deployment.wait(forEntry: path + "web", controller)
        try await kubernetes.apply(good.replacing("{{ .PodMeta.Name }}", with: "{{ .PodMeta.Nothing }}"))
        try await deployment.wait(forStatus: "clusterspiffeid", name, ".stats.podEntryRenderFailures", "1", controller)
        try await deployment.wait(
            forStatus: "clusterspiffeid", name, ControllerDeployment.condition("Ready"), "False", controller)
        #expect(try await deployment.entries().contains(path + "web"))
        try await kubernetes.remove()
    }

    @Test(
        "definitions that vanish while it runs delete nothing, and it is not ready until they are back",
        .enabled(if: KubernetesFixture.isFake))
    func survivesVanishedDefinitions() async throws {
        let (deployment, kubernetes, server, controller) = try await start()
        defer { withExtendedLifetime(server) {} }
        let path = "one.test/ns/\(kubernetes.namespace)/pod/web"
        try await kubernetes.apply(Self.spiffeID(deployment, kubernetes))
        try await kubernetes.apply(Self.federated(deployment, kubernetes))
        try await deployment.wait(forEntry: path, controller)
        try await eventually("the relationship is there") {
            try await deployment.relationships().contains("two.test") ? true : nil
        }
        kubernetes.cluster?.misbehaves.forgetCustomTypes()
        kubernetes.cluster?.dropWatches()
        try await eventually("it is not ready", or: { controller.log }) {
            try await deployment.probe("readyz").hasSuffix("500") ? true : nil
        }
        #expect(try await deployment.entries().contains(path))
        #expect(try await deployment.relationships().contains("two.test"))
        kubernetes.cluster?.misbehaves.behave()
        try await eventually("it is ready again", or: { controller.log }) {
            try await deployment.probe("readyz").hasSuffix("200") ? true : nil
        }
        #expect(try await deployment.entries().contains(path))
    }

    @Test("of two with leader election one works, and the other one when the first has stopped")
    func takesTurns() async throws {
        let election = """
            leaderElection: {leaderElect: true, resourceName: lease, resourceNamespace: NAMESPACE, leaseDuration: 3s,
              renewDeadline: 2s, retryPeriod: 500ms}
            """
        let kubernetes = try await KubernetesFixture.start()
        try await kubernetes.installCustomResources()
        let deployment = try ControllerDeployment("one.test", kubernetes: kubernetes)
        let second = try ControllerDeployment("one.test", kubernetes: kubernetes)
        try deployment.domain.writeServerConfiguration()
        let server = try await deployment.domain.startServer()
        defer { withExtendedLifetime(server) {} }
        let text = election.replacing("NAMESPACE", with: kubernetes.namespace)
        try deployment.writeConfiguration(text)
        try second.writeConfiguration(text, serverSocket: deployment.domain.serverSocket)
        let first = try await deployment.start()
        try await first.line("this process leads now")
        let other = try await second.start()
        try await kubernetes.apply(Self.federated(deployment, kubernetes))
        try await eventually("the relationship is there") {
            try await deployment.relationships().contains("two.test") ? true : nil
        }
        #expect(other.lines("Created federation relationship").isEmpty)
        #expect(await first.stop() == 0)
        try await other.line("this process leads now")
        try await deployment.kubectl("delete", "clusterfederatedtrustdomain", "two-\(kubernetes.suffix)")
        try await other.line("Deleted federation relationship")
        try await kubernetes.remove()
    }
}
