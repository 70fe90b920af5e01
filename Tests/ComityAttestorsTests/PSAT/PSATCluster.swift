// SPDX-License-Identifier: Apache-2.0

import ComityKubernetes
import ComityTesting
import FakeKubernetes
import Logging
import SPIFFE

/// A cluster with a node, and an agent's pod on it.
struct PSATCluster {
    let kubernetes: KubernetesFixture
    let client: KubernetesClient

    /// Runs the body beside the cluster.
    static func with(_ body: (PSATCluster) async throws -> Void) async throws {
        let kubernetes = try await KubernetesFixture.start()
        let client = try KubernetesClient(
            try .kubeconfig(path: kubernetes.kubeconfigPath, environment: [:]), userAgent: "test",
            logger: Logger(label: "test"))
        let cluster = PSATCluster(kubernetes: kubernetes, client: client)
        do {
            try await cluster.make()
            try await body(cluster)
        } catch {
            await cluster.end()
            throw error
        }
        await cluster.end()
    }

    var namespace: String { kubernetes.namespace }
    var nodeName: String { "node-\(kubernetes.suffix)" }

    private func make() async throws {
        try await kubernetes.apply(
            """
            apiVersion: v1
            kind: ServiceAccount
            metadata: {name: spire-agent}
            ---
            apiVersion: v1
            kind: ServiceAccount
            metadata: {name: another}
            ---
            apiVersion: v1
            kind: Node
            metadata:
              name: \(nodeName)
              labels: {"topology.example.org/zone": "a.b_c-1", "secret": "x"}
            """)
        try await makePod()
    }

    func makePod() async throws {
        try await kubernetes.apply(
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: agent, labels: {"app.kubernetes.io/name": "spire-agent", "other": "y"}}
            spec:
              serviceAccountName: spire-agent
              nodeName: \(nodeName)
              automountServiceAccountToken: false
              containers: [{name: agent, image: agent}]
            """)
    }

    private func end() async {
        _ = try? await kubernetes.kubectl("delete", "node", nodeName, "--wait=false")
        try? await kubernetes.remove()
        await client.shutdown()
    }

    /// A token as the kubelet asks for it.
    func token(
        of account: String = "spire-agent", audience: String = "spire-server", ofPod isBound: Bool = true
    ) async throws -> String {
        let bound = isBound ? ["--bound-object-kind", "Pod", "--bound-object-name", "agent"] : []
        return try await kubernetes.kubectl(
            ["create", "token", account, "-n", namespace, "--audience", audience, "--duration", "10m"] + bound
        ).check().output
    }

    func uid(_ kind: String, _ name: String) async throws -> String {
        try await kubernetes.kubectl(
            "get", kind, name, "-n", namespace, "-o", "jsonpath={.metadata.uid}"
        ).check().output
    }
}
