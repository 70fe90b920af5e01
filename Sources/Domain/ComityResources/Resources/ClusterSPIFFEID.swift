// SPDX-License-Identifier: Apache-2.0

package import ComityTemplates
package import SPIFFE

/// A custom resource that gives SPIFFE IDs to the pods it selects.
package struct ClusterSPIFFEID: Hashable, Sendable {
    package static let kind = "ClusterSPIFFEID"

    package let metadata: ResourceMetadata
    package let className: String
    package let spiffeIDTemplate: GoTemplate
    /// In the order given.
    package let dnsNameTemplates: [GoTemplate]
    package let workloadSelectorTemplates: [GoTemplate]
    /// Seconds; 0 stands for the server's default.
    package let x509SVIDTTL: Int32
    package let jwtSVIDTTL: Int32
    package let federatesWith: Set<TrustDomain>
    package let namespaceSelector: LabelSelector
    package let podSelector: LabelSelector
    package let isAdmin: Bool
    package let isDownstream: Bool
    /// The names of the services that a pod backs become DNS names of its SVID.
    package let addsServiceNames: Bool
    /// Applies only to pods that no other resource gives an entry.
    package let isFallback: Bool
    package let hint: String
    /// Spellings that are accepted though they are not the field's own, and the like.
    package let warnings: [String]

    static let names: Set<String> = [
        "spiffeIDTemplate", "ttl", "jwtTtl", "jwtTTL", "dnsNameTemplates", "workloadSelectorTemplates", "federatesWith",
        "namespaceSelector", "podSelector", "admin", "downstream", "autoPopulateDNSNames", "className", "fallback",
        "hint",
    ]

    /// - Throws: ``ResourceError`` with code `invalid`.
    package init(json: JSONValue) throws(ResourceError) {
        metadata = try ResourceMetadata(json: json)
        let spec = try SpecificationReader(json)
        var warnings = spec.warnings(besides: Self.names)
        className = try spec.text("className")
        spiffeIDTemplate = try Self.template(try spec.requiredText("spiffeIDTemplate"), "spiffeIDTemplate")
        dnsNameTemplates = try Self.templates("dnsNameTemplates", spec)
        workloadSelectorTemplates = try Self.templates("workloadSelectorTemplates", spec)
        x509SVIDTTL = try spec.seconds("ttl")
        jwtSVIDTTL = try spec.seconds("jwtTtl", alias: "jwtTTL", &warnings)
        federatesWith = try spec.trustDomains("federatesWith")
        namespaceSelector = try LabelSelector(json: spec["namespaceSelector"], at: "spec.namespaceSelector")
        podSelector = try LabelSelector(json: spec["podSelector"], at: "spec.podSelector")
        isAdmin = try spec.flag("admin")
        isDownstream = try spec.flag("downstream")
        addsServiceNames = try spec.flag("autoPopulateDNSNames")
        isFallback = try spec.flag("fallback")
        hint = try spec.text("hint")
        self.warnings = warnings
    }

    private static func templates(_ name: String, _ spec: SpecificationReader) throws(ResourceError) -> [GoTemplate] {
        var templates: [GoTemplate] = []
        for (index, text) in try spec.texts(name).enumerated() {
            templates.append(try template(text, "\(name)[\(index)]"))
        }
        return templates
    }

    private static func template(_ text: String, _ name: String) throws(ResourceError) -> GoTemplate {
        do throws(TemplateError) {
            return try GoTemplate(text, name: name)
        } catch {
            throw .invalid("spec.\(name)", "is no template: \(error)")
        }
    }
}
