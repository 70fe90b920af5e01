// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
package import SPIFFE

extension FakeKubelet {
    /// A running pod in the kubelet's shape.
    ///
    /// - Parameter containerIDs: of each container by its name, such as `containerd://…`; a waiting one has none.
    package static func pod(
        _ name: String, namespace: String, uid: String = UUID().uuidString.lowercased(), account: String = "default",
        node: String = "node-1", labels: [String: String] = [:], containerIDs: [String: String]
    ) -> JSONValue {
        let names = containerIDs.keys.sorted()
        return [
            "metadata": [
                "name": .string(name), "namespace": .string(namespace), "uid": .string(uid),
                "labels": .object(
                    labels.sorted { $0.key < $1.key }.reduce(into: JSONObject()) { $0[$1.key] = .string($1.value) }),
            ],
            "spec": [
                "serviceAccountName": .string(account), "nodeName": .string(node),
                "containers": .array(names.map { ["name": .string($0), "image": .string("registry.test/\($0):1")] }),
            ],
            "status": [
                "phase": "Running",
                "containerStatuses": .array(names.map { status($0, containerIDs[$0] ?? "") }),
            ],
        ]
    }

    private static func status(_ name: String, _ id: String) -> JSONValue {
        var status: JSONValue = [
            "name": .string(name), "image": .string("registry.test/\(name):1"), "ready": .bool(!id.isEmpty),
            "restartCount": 0,
        ]
        if id.isEmpty {
            status[at: "imageID"] = ""
            status[at: "state"] = ["waiting": ["reason": "ContainerCreating"]]
        } else {
            status[at: "imageID"] = .string("registry.test/\(name)@sha256:\(String(repeating: "ab", count: 32))")
            status[at: "containerID"] = .string(id)
            status[at: "state"] = ["running": ["startedAt": "2026-01-01T00:00:00Z"]]
        }
        return status
    }
}
