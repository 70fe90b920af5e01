// SPDX-License-Identifier: Apache-2.0

package import ComityTemplates
package import SPIFFE

/// What is known of a pod, as the Kubernetes API sent it.
package struct PodFacts: Hashable, Sendable {
    package var namespace: String
    package var name: String
    package var uid: String
    package var labels: [String: String]
    /// Empty until it is scheduled.
    package var nodeName: String
    /// `Pending`, `Running`, `Succeeded`, `Failed` or `Unknown`.
    package var phase: String
    /// For templates.
    package var metadata: TemplateRecord
    package var spec: TemplateRecord

    /// `nil` when the object has no name, namespace or UID.
    package init?(json: JSONValue) {
        let (meta, spec) = (json["metadata"], json["spec"])
        guard let name = meta?["name"]?.string, let namespace = meta?["namespace"]?.string,
            let uid = meta?["uid"]?.string
        else { return nil }
        self.name = name
        self.namespace = namespace
        self.uid = uid
        labels = Labels(json: meta?["labels"]).values
        nodeName = spec?["nodeName"]?.string ?? ""
        phase = json["status"]?["phase"]?.string ?? "Unknown"
        metadata = TemplateRecord(.objectMeta, json: meta)
        self.spec = TemplateRecord(.podSpec, json: spec)
    }

    /// It will never run again; only the object is left.
    package var isFinished: Bool { phase == "Succeeded" || phase == "Failed" }
}
