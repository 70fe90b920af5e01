// SPDX-License-Identifier: Apache-2.0

/// The files of a CA that an operator keeps beside the server.
package struct DiskUpstreamSettings: Hashable, Sendable {
    /// PEM: the CA, then those above it.
    package var certificatePath: String
    package var keyPath: String
    /// PEM: the roots; `nil` when the CA is the root.
    package var bundlePath: String?

    package init(certificatePath: String, keyPath: String, bundlePath: String? = nil) {
        self.certificatePath = certificatePath
        self.keyPath = keyPath
        self.bundlePath = bundlePath
    }
}
