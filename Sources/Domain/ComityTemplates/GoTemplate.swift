// SPDX-License-Identifier: Apache-2.0

/// A template in the language of Go's text/template, with bounds.
///
///     let template = try GoTemplate("spiffe://{{ .TrustDomain }}/ns/{{ .PodMeta.Namespace }}", name: "spiffeIDTemplate")
///     try template.render(.record(data))
package struct GoTemplate: Hashable, Sendable {
    private let source: TemplateSource
    private let nodes: [TemplateNode]
    private let definitions: [String: [TemplateNode]]
    private let options: TemplateOptions

    /// - Throws: ``TemplateError`` with code `syntax` or `limit`.
    package init(_ text: String, name: String, options: TemplateOptions = TemplateOptions()) throws(TemplateError) {
        guard text.utf8.count <= options.maximumTextBytes else {
            throw TemplateError(.limit, "template: \(name): longer than \(options.maximumTextBytes) bytes")
        }
        source = TemplateSource(name: name, bytes: Array(text.utf8))
        self.options = options
        var parser = try TemplateParser(source, options: options)
        nodes = try parser.parse()
        definitions = parser.definitions
    }

    /// - Throws: ``TemplateError`` with code `execution` or `limit`.
    package func render(_ data: TemplateValue) throws(TemplateError) -> String {
        var run = TemplateRun(source: source, definitions: definitions, options: options)
        try run.render(nodes, with: data)
        return run.output
    }
}
