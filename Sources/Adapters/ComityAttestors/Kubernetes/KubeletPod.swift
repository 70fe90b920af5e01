// SPDX-License-Identifier: Apache-2.0

import SPIFFE

/// What the kubelet says of a pod.
struct KubeletPod: Equatable, Sendable {
    struct Container: Equatable, Sendable {
        var name: String
        /// Without the runtime's prefix; `nil` before it is made.
        var id: String?
        /// As it was given, and by its digest.
        var images: [String]

        init(_ status: JSONValue) {
            name = status.text("name")
            // Such as `containerd://<id>`.
            let address = status.text("containerID")
            id = address.firstRange(of: "://").map { String(address[$0.upperBound...].prefix { $0 != "/" }) }
            images = ["image", "imageID"].map(status.text).filter { !$0.isEmpty }
        }
    }

    struct Label: Equatable, Sendable {
        var key: String
        var value: String
    }

    struct Owner: Equatable, Sendable {
        var kind: String
        var name: String
        var uid: String
    }

    var uid: String
    var name: String
    var namespace: String
    var serviceAccount: String
    var nodeName: String
    var labels: [Label]
    var owners: [Owner]
    var containers: [Container]
    var initContainers: [Container]

    /// - Returns: `nil` when it has no UID.
    init?(_ pod: JSONValue) {
        guard let metadata = pod["metadata"], let uid = metadata["uid"]?.string, !uid.isEmpty else { return nil }
        self.uid = uid
        name = metadata.text("name")
        namespace = metadata.text("namespace")
        labels = (metadata["labels"]?.object?.members ?? []).compactMap { member in
            member.value.string.map { Label(key: member.name, value: $0) }
        }
        owners = (metadata["ownerReferences"]?.array ?? []).map { owner in
            Owner(kind: owner.text("kind"), name: owner.text("name"), uid: owner.text("uid"))
        }
        serviceAccount = pod["spec"]?.text("serviceAccountName") ?? ""
        nodeName = pod["spec"]?.text("nodeName") ?? ""
        containers = (pod["status"]?["containerStatuses"]?.array ?? []).map(Container.init)
        initContainers = (pod["status"]?["initContainerStatuses"]?.array ?? []).map(Container.init)
    }

    func container(_ id: String) -> Container? {
        (containers + initContainers).first { $0.id == id }
    }
}

extension JSONValue {
    /// The string under a name; empty when there is none, as Go reads it.
    fileprivate func text(_ name: String) -> String { self[name]?.string ?? "" }
}
