// SPDX-License-Identifier: Apache-2.0

package import ComityTemplates
package import SPIFFE

/// What agents are called (`agent_path_template`), in the language of Go's `text/template` with functions of the sprig
/// library; asking a map for what it does not have is an error.
///
/// ```swift
/// let template = try AgentPathTemplate("/cn/{{ .Subject.CommonName | lower }}")
/// ```
package struct AgentPathTemplate: Hashable, Sendable {
    private static let options = {
        var options = TemplateOptions()
        options.functions = SprigFunctions.all
        options.missingKey = .error
        options.maximumTextBytes = 4096
        // No SPIFFE ID is that long, but what a path is cut out of may be.
        options.maximumOutputBytes = 16 * 1024
        options.maximumSteps = 10_000
        options.maximumDepth = 16
        return options
    }()

    package static var functionNames: [String] { options.functions.names }

    package let text: String
    private let template: GoTemplate

    package init(_ text: String) throws(TemplateError) {
        self.text = text
        template = try GoTemplate(text, name: "agent-path", options: Self.options)
    }

    /// A template of our own.
    static func known(_ text: String) -> AgentPathTemplate {
        guard let template = try? AgentPathTemplate(text) else { preconditionFailure("\(text) is no template") }
        return template
    }

    /// The template with the data filled in.
    package func fill(_ data: TemplateValue) throws(TemplateError) -> String {
        try template.render(data)
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
