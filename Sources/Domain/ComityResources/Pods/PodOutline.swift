// SPDX-License-Identifier: Apache-2.0

package import SPIFFE

/// What decides which resources select a pod, and whether it can have an entry.
package struct PodOutline: Hashable, Sendable {
    package var namespace: String
    package var name: String
    package var uid: String
    package var labels: [String: String]
    /// Empty until it is scheduled.
    package var nodeName: String
    /// It will never run again; only the object is left.
    package var isFinished: Bool

    /// `nil` when the object has no name, namespace or UID.
    package init?(json: JSONValue) {
        let meta = json["metadata"]
        guard let name = meta?["name"]?.string, let namespace = meta?["namespace"]?.string,
            let uid = meta?["uid"]?.string
        else { return nil }
        self.name = name
        self.namespace = namespace
        self.uid = uid
        labels = Labels(json: meta?["labels"]).values
        nodeName = json["spec"]?["nodeName"]?.string ?? ""
        isFinished = ["Succeeded", "Failed"].contains(json["status"]?["phase"]?.string)
    }
}
