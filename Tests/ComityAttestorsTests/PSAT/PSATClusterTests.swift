// SPDX-License-Identifier: Apache-2.0

import ComityAttestation
import ComityAttestors
import ComityKubernetes
import ComityRegistry
import ComityTesting
import FakeKubernetes
import Foundation
import SPIFFE
import Testing

/// Both halves against the API of a cluster.
@Suite(.timeLimit(.minutes(2))) struct PSATClusterTests {
    private let trustDomain: TrustDomain
    private let folder: TemporaryFolder

    init() throws {
        trustDomain = try TrustDomain("example.org")
        folder = try TemporaryFolder()
    }

    // MARK: - Who comes in

    @Test func agentIsNamedByItsNodeAndKnownByItsPod() async throws {
        try await PSATCluster.with { cluster in
            let attestation = try await attest(cluster, token: try await cluster.token() + "\n") {
                $0.nodeLabelKeys = ["topology.example.org/zone", "missing"]
                $0.podLabelKeys = ["app.kubernetes.io/name"]
            }
            let node = try await cluster.uid("node", cluster.nodeName)
            let pod = try await cluster.uid("pod", "agent")
            #expect(attestation.agentID.uri == "spiffe://example.org/spire/agent/k8s_psat/east/\(node)")
            #expect(attestation.canReattest)
            #expect(
                Set(attestation.selectors.map(\.description)) == [
                    "k8s_psat:cluster:east", "k8s_psat:agent_ns:\(cluster.namespace)", "k8s_psat:agent_sa:spire-agent",
                    "k8s_psat:agent_pod_name:agent", "k8s_psat:agent_pod_uid:\(pod)", "k8s_psat:agent_node_ip:",
                    "k8s_psat:agent_node_name:\(cluster.nodeName)", "k8s_psat:agent_node_uid:\(node)",
                    "k8s_psat:agent_node_label:topology.example.org/zone:a.b_c-1",
                    "k8s_psat:agent_pod_label:app.kubernetes.io/name:spire-agent",
                ])
        }
    }

    @Test func agentMayBeNamedByItsPod() async throws {
        try await PSATCluster.with { cluster in
            let attestation = try await attest(cluster, token: try await cluster.token()) {
                $0.namesAgentsByPod = true
            }
            let pod = try await cluster.uid("pod", "agent")
            #expect(attestation.agentID.uri == "spiffe://example.org/spire/agent/k8s_psat/east/pod/\(pod)")
        }
    }

    // MARK: - Who stays out

    @Test func tokensOfOthersAreRefusedEachWithItsReason() async throws {
        try await PSATCluster.with { cluster in
            try await refuses(
                cluster, try await cluster.token(audience: "another"),
                "token not authenticated according to TokenReview API")
            try await refuses(cluster, "nonsense", "token not authenticated according to TokenReview API")
            try await refuses(
                cluster, try await cluster.token(of: "another", ofPod: false),
                "\"\(cluster.namespace):another\" is not an allowed service account")
            try await refuses(
                cluster, try await cluster.token(ofPod: false),
                "fail to get pod name from token review status: missing pod name")
            let ofPast = try await cluster.token()
            try await cluster.kubernetes.kubectl(
                "delete", "pod", "agent", "-n", cluster.namespace, "--now", "--wait"
            ).check()
            try await refuses(cluster, ofPast, "token not authenticated according to TokenReview API")
            // Another pod of that name has nothing to do with it.
            try await cluster.makePod()
            try await refuses(cluster, ofPast, "token not authenticated according to TokenReview API")
        }
    }

    // MARK: - Both halves

    private func attest(
        _ cluster: PSATCluster, token: String, _ change: (inout PSATServerSettings.Cluster) -> Void = { _ in }
    ) async throws -> NodeAttestation {
        let path = folder.path("token")
        try token.write(toFile: path, atomically: true, encoding: .utf8)
        let client = cluster.client
        var rules = PSATServerSettings.Cluster(serviceAccounts: ["\(cluster.namespace):spire-agent"])
        change(&rules)
        return try await AttestationConversation.run(
            PSATAgentAttestor(PSATAgentSettings(cluster: "east", tokenPath: path)),
            PSATServerAttestor(PSATServerSettings(clusters: ["east": rules]), trustDomain: trustDomain) {
                _ throws(KubernetesError) in client
            })
    }

    private func refuses(_ cluster: PSATCluster, _ token: String, _ message: String) async throws {
        let error = await #expect(throws: AttestationError(.permissionDenied, "")) {
            try await attest(cluster, token: token)
        }
        #expect(error?.message.hasPrefix(message) == true, "\(error?.message ?? "")")
    }
}
