// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import Foundation
import SPIFFE
import Synchronization

/// The kubelet of a node that runs nothing: it lists the pods that the API has for the node.
final class NodeKubelet: Sendable {
    private let cluster: ControllerDeployment
    private let nodeName: String
    private let list = Mutex(#"{"kind":"PodList","items":[]}"#)

    init(_ cluster: ControllerDeployment, nodeName: String) {
        self.cluster = cluster
        self.nodeName = nodeName
    }

    /// Serves while the body runs, over TLS, as kubelets do.
    func serving(_ identity: TestSVID, _ body: (ScriptedEndpoint) async throws -> Void) async throws {
        let script: ScriptedEndpoint.Script = { [self] target in
            guard target == "/pods" else { return [.response("404 Not Found")] }
            return [.document(list.withLock { $0 })]
        }
        try await ScriptedEndpoint.with(identity, script, body)
    }

    /// Starts the container of a pod: what a kubelet writes into the pod's status, and what it lists.
    func start(_ pod: String, in namespace: String, container: String) async throws {
        let status = """
            {"status":{"phase":"Running","hostIP":"192.0.2.1","containerStatuses":[{"name":"main","ready":true,
            "restartCount":0,"image":"web:1","imageID":"web@sha256:ab","containerID":"containerd://\(container)",
            "state":{"running":{"startedAt":"2026-01-01T00:00:00Z"}}}]}}
            """
        try await cluster.kubectl(
            "patch", "pod", pod, "-n", namespace, "--subresource", "status", "--type", "merge", "-p", status
        )
        let pods = try await cluster.kubectl(
            "get", "pods", "-A", "--field-selector", "spec.nodeName=\(nodeName)", "-o", "json"
        )
        list.withLock { $0 = pods }
    }
}
