// SPDX-License-Identifier: Apache-2.0

package import ComityTemplates
package import SPIFFE

/// What a controller's configuration says of the cluster, and how agents are called there.
package struct ClusterNames: Hashable, Sendable {
    package static let standardParentIDTemplate =
        "spiffe://{{.TrustDomain}}/spire/agent/k8s_psat/{{.ClusterName}}/{{.NodeMeta.UID}}"

    package let trustDomain: TrustDomain
    package let clusterName: String
    /// Such as `cluster.local`; empty when it is not known.
    package let clusterDomain: String
    package let parentIDTemplate: GoTemplate

    /// - Throws: ``ResourceError`` with code `template`.
    package init(
        trustDomain: TrustDomain, clusterName: String, clusterDomain: String = "",
        parentIDTemplate: String = standardParentIDTemplate
    ) throws(ResourceError) {
        self.trustDomain = trustDomain
        self.clusterName = clusterName
        self.clusterDomain = clusterDomain
        do throws(TemplateError) {
            self.parentIDTemplate = try GoTemplate(parentIDTemplate, name: "parentIDTemplate")
        } catch {
            throw ResourceError(.template, "parentIDTemplate is no template: \(error)")
        }
    }
}
