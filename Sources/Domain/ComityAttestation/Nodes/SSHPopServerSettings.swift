// SPDX-License-Identifier: Apache-2.0

/// Which nodes `sshpop` lets in, and what they are called.
package struct SSHPopServerSettings: Hashable, Sendable {
    package static let defaultTemplate = AgentPathTemplate.known("/{{ .PluginName }}/{{ .Fingerprint }}")

    /// Keys in `authorized_keys` format.
    package var authorities: [String]
    /// A file of such keys, one a line.
    package var authoritiesPath: String?
    /// The domain that the names of hosts must end in; it is no part of their `Hostname`.
    package var canonicalDomain: String?
    package var template: AgentPathTemplate

    package init(
        authorities: [String], authoritiesPath: String? = nil, canonicalDomain: String? = nil,
        template: AgentPathTemplate? = nil
    ) {
        self.authorities = authorities
        self.authoritiesPath = authoritiesPath
        self.canonicalDomain = canonicalDomain
        self.template = template ?? Self.defaultTemplate
    }
}
