// SPDX-License-Identifier: Apache-2.0

/// Where certificates or a key are, in PEM.
public enum PEMSource: Hashable, Sendable {
    /// A file, read again for each request, so that a renewed one is used.
    case file(String)
    /// The text itself.
    case text([UInt8])

    /// The longest file that is read, in bytes.
    private static let maximumBytes = 1 << 20

    /// - Parameter name: What it is, for errors: `the certificate authority`.
    func read(_ name: String) throws(KubernetesError) -> [UInt8] {
        switch self {
        case .file(let path): try BoundedFile.read(path, atMost: Self.maximumBytes, name: name)
        case .text(let bytes): bytes
        }
    }
}
