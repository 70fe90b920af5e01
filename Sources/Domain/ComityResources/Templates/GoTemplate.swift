// SPDX-License-Identifier: Apache-2.0

/// A template in the language of Go's text/template, with its functions and no others, and with bounds.
///
///     let template = try GoTemplate("spiffe://{{ .TrustDomain }}/ns/{{ .PodMeta.Namespace }}", name: "spiffeIDTemplate")
///     try template.render(.record(data))
package struct GoTemplate: Hashable, Sendable {
    private let source: TemplateSource
    private let nodes: [TemplateNode]
    private let definitions: [String: [TemplateNode]]
    private let limits: TemplateLimits

    /// - Throws: ``TemplateError`` with code `syntax` or `limit`.
    package init(_ text: String, name: String, limits: TemplateLimits = TemplateLimits()) throws(TemplateError) {
        guard text.utf8.count <= limits.maximumTextBytes else {
            throw TemplateError(.limit, "template: \(name): longer than \(limits.maximumTextBytes) bytes")
        }
        source = TemplateSource(name: name, bytes: Array(text.utf8))
        self.limits = limits
        var parser = try TemplateParser(source, limits: limits)
        nodes = try parser.parse()
        definitions = parser.definitions
    }

    /// - Throws: ``TemplateError`` with code `execution` or `limit`.
    package func render(_ data: TemplateValue) throws(TemplateError) -> String {
        var run = TemplateRun(source: source, definitions: definitions, limits: limits)
        try run.render(nodes, with: data)
        return run.output
    }
}
