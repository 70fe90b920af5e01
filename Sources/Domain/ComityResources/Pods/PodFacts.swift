// SPDX-License-Identifier: Apache-2.0

package import ComityTemplates
package import SPIFFE

/// What is known of a pod, as the Kubernetes API sent it.
package struct PodFacts: Hashable, Sendable {
    package var outline: PodOutline
    /// For templates.
    package var metadata: TemplateRecord
    package var spec: TemplateRecord

    /// `nil` when the object has no name, namespace or UID.
    package init?(json: JSONValue) {
        guard let outline = PodOutline(json: json) else { return nil }
        self.outline = outline
        metadata = TemplateRecord(.objectMeta, json: json["metadata"])
        spec = TemplateRecord(.podSpec, json: json["spec"])
    }
}
