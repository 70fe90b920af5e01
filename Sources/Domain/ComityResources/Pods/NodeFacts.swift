// SPDX-License-Identifier: Apache-2.0

package import ComityTemplates
package import SPIFFE

/// What is known of a node, as the Kubernetes API sent it.
package struct NodeFacts: Hashable, Sendable {
    package var name: String
    package var uid: String
    /// For templates.
    package var metadata: TemplateRecord
    package var spec: TemplateRecord

    /// `nil` when the object has no name or UID.
    package init?(json: JSONValue) {
        let meta = json["metadata"]
        guard let name = meta?["name"]?.string, let uid = meta?["uid"]?.string else { return nil }
        self.name = name
        self.uid = uid
        metadata = TemplateRecord(.objectMeta, json: meta)
        spec = TemplateRecord(.nodeSpec, json: json["spec"])
    }
}
