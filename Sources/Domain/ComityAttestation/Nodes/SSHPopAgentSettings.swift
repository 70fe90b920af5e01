// SPDX-License-Identifier: Apache-2.0

/// The host key and certificate that `sshpop` proves a node by.
package struct SSHPopAgentSettings: Hashable, Sendable {
    package static let defaultKeyPath = "/etc/ssh/ssh_host_rsa_key"

    package var keyPath: String
    package var certificatePath: String

    /// - Parameter certificatePath: By default where `ssh-keygen` puts the certificate of the key.
    package init(keyPath: String? = nil, certificatePath: String? = nil) {
        self.keyPath = keyPath ?? Self.defaultKeyPath
        self.certificatePath = certificatePath ?? self.keyPath + "-cert.pub"
    }
}
