// SPDX-License-Identifier: Apache-2.0

package import SPIFFE

/// What agents are called (`agent_path_template`), in the language of Go's `text/template`: text, fields, pipelines,
/// conditions and the functions of ``TemplateFunction``.
///
/// ```swift
/// let template = try AgentPathTemplate("/cn/{{ .Subject.CommonName | lower }}")
/// ```
package struct AgentPathTemplate: Hashable, Sendable {
    private static let maximumLength = 4096

    package let text: String
    private let nodes: [TemplateNode]

    package init(_ text: String) throws(TemplateError) {
        guard text.utf8.count <= Self.maximumLength else {
            throw TemplateError("template is longer than \(Self.maximumLength) bytes")
        }
        self.text = text
        nodes = try TemplateParser.nodes(of: text)
    }

    /// A template of our own, which tests have read.
    init(known text: String) {
        self.text = text
        nodes = (try? TemplateParser.nodes(of: text)) ?? []
    }

    /// The template with the data filled in.
    package func fill(_ data: TemplateValue) throws(TemplateError) -> String {
        var evaluation = TemplateEvaluation()
        try evaluation.run(nodes, data)
        return evaluation.output
    }

    /// The ID of an agent: what the template gives, below `/spire/agent`. A missing first slash is added, since the
    /// documentation of SPIRE leaves it out.
    ///
    /// - Throws: ``AttestationError`` with code `internalError`.
    package func agentID(in trustDomain: TrustDomain, _ data: TemplateValue) throws(AttestationError) -> SPIFFEID {
        let path: String
        do throws(TemplateError) {
            path = try fill(data)
        } catch {
            throw AttestationError(.internalError, "failed to make spiffe id: \(error)")
        }
        do throws(SPIFFEError) {
            return try SPIFFEID(
                trustDomain: trustDomain, path: "/spire/agent" + (path.hasPrefix("/") ? path : "/" + path))
        } catch {
            throw AttestationError(.internalError, "failed to make spiffe id: \(error.message)")
        }
    }
}
