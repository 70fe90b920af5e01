// SPDX-License-Identifier: Apache-2.0

/// Which nodes `x509pop` lets in, and what they are called.
package struct X509PopServerSettings: Hashable, Sendable {
    package static let defaultTemplate = AgentPathTemplate.known("/{{ .PluginName }}/{{ .Fingerprint }}")
    package static let defaultSPIFFETemplate = AgentPathTemplate.known("/{{ .PluginName }}/{{ .SVIDPathTrimmed }}")
    package static let defaultPrefix = "/spire-exchange/"
    /// No larger RSA key is verified anywhere.
    package static let largestRSAKeySize = 8192

    /// Whose certificates count.
    package enum Trust: Hashable, Sendable {
        /// Of the authorities in these PEM files.
        case files([String])
        /// Of the server's own trust domain, with SPIFFE IDs under this path.
        case trustDomain(prefix: String)
    }

    package var trust: Trust
    package var template: AgentPathTemplate
    package var maximumIntermediates = 4
    /// In bits.
    package var maximumRSAKeySize = largestRSAKeySize
    /// Whether the address that an agent calls from must stand in its certificate.
    package var verifiesClientAddress = false

    package init(trust: Trust, template: AgentPathTemplate? = nil) {
        self.trust = trust
        switch trust {
        case .files: self.template = template ?? Self.defaultTemplate
        case .trustDomain: self.template = template ?? Self.defaultSPIFFETemplate
        }
    }
}
