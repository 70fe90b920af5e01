// SPDX-License-Identifier: Apache-2.0

import ComityAttestation
import SPIFFE

/// The pod of an agent and the node that it runs on, as the API server has them.
struct PSATNode: Equatable {
    private let cluster: String
    private let rules: PSATServerSettings.Cluster
    private let owner: TokenOwner
    private let pod: JSONValue
    private let node: JSONValue
    private let nodeUID: String

    /// - Throws: ``AttestationError`` when the pod is not the token's.
    init(
        cluster: String, _ rules: PSATServerSettings.Cluster, owner: TokenOwner, pod: JSONValue, node: JSONValue
    ) throws(AttestationError) {
        guard let uid = node["metadata"]?["uid"]?.string, !uid.isEmpty else {
            throw AttestationError(.internalError, "node UID is empty")
        }
        self.cluster = cluster
        self.rules = rules
        self.owner = owner
        self.pod = pod
        self.node = node
        nodeUID = uid
    }

    /// The node that a pod runs on.
    static func nodeName(of pod: JSONValue, _ owner: TokenOwner) throws(AttestationError) -> String {
        let name = "\(owner.namespace)/\(owner.podName)"
        guard pod["metadata"]?["uid"]?.string == owner.podUID else {
            throw AttestationError(
                .permissionDenied, "token is of a pod \(name) that is gone; another has taken its name")
        }
        guard let node = pod["spec"]?["nodeName"]?.string, !node.isEmpty else {
            throw AttestationError(.permissionDenied, "pod \(name) runs on no node")
        }
        return node
    }

    func agentPath(_ method: String) -> String {
        let prefix = "/spire/agent/\(method)/\(cluster)"
        return rules.namesAgentsByPod ? "\(prefix)/pod/\(owner.podUID)" : "\(prefix)/\(nodeUID)"
    }

    /// To SPIRE's letter.
    var selectorValues: [String] {
        let facts = [
            "cluster:\(cluster)", "agent_ns:\(owner.namespace)", "agent_sa:\(owner.serviceAccount)",
            "agent_pod_name:\(owner.podName)", "agent_pod_uid:\(owner.podUID)",
            "agent_node_ip:\(pod["status"]?["hostIP"]?.string ?? "")",
            "agent_node_name:\(pod["spec"]?["nodeName"]?.string ?? "")", "agent_node_uid:\(nodeUID)",
        ]
        return facts + Self.labels(of: node, rules.nodeLabelKeys).map { "agent_node_label:\($0)" }
            + Self.labels(of: pod, rules.podLabelKeys).map { "agent_pod_label:\($0)" }
    }

    private static func labels(of object: JSONValue, _ allowed: Set<String>) -> [String] {
        (object["metadata"]?["labels"]?.object?.members ?? []).compactMap { label in
            guard allowed.contains(label.name), let value = label.value.string else { return nil }
            return "\(label.name):\(value)"
        }
    }
}
