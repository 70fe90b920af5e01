// SPDX-License-Identifier: Apache-2.0

/// A host name as it may stand in a certificate: lower-case ASCII, with `*` as whole first label at most.
package struct DNSName: Hashable, Sendable {
    private static let maximumLength = 253
    private static let maximumLabelLength = 63

    package let name: String

    /// - Throws: ``RegistryError`` with code `invalidArgument`.
    package init(_ name: String) throws(RegistryError) {
        let bytes = Array(name.utf8)
        let host = try Self.withoutWildcard(bytes)
        guard !host.isEmpty else { throw Self.fault("empty domain") }
        guard host.last != UInt8(ascii: ".") else { throw Self.fault("domain ends with dot") }
        guard host.count <= Self.maximumLength else {
            throw Self.fault("idna error: name is longer than \(Self.maximumLength) bytes")
        }
        for label in host.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false) {
            try Self.check(label: label)
        }
        self.name = name
    }

    private static func withoutWildcard(_ bytes: [UInt8]) throws(RegistryError) -> ArraySlice<UInt8> {
        let stars = bytes.count { $0 == UInt8(ascii: "*") }
        guard stars > 0 else { return bytes[...] }
        guard stars == 1 else { throw fault("too many wildcards") }
        guard bytes.starts(with: "*.".utf8) else { throw fault("wildcard must be first label") }
        return bytes.dropFirst(2)
    }

    private static func check(label: ArraySlice<UInt8>) throws(RegistryError) {
        guard !label.isEmpty else { throw fault("idna error: empty label") }
        guard label.count <= maximumLabelLength else {
            throw fault("idna error: label is longer than \(maximumLabelLength) bytes")
        }
        guard label.allSatisfy(isLabelByte) else {
            throw fault("idna error: labels are limited to lower-case ASCII letters, digits and hyphens")
        }
        guard label.first != UInt8(ascii: "-"), label.last != UInt8(ascii: "-") else {
            throw fault("idna error: label begins or ends with a hyphen")
        }
        // An A-label reads differently in Unicode; a hyphen pair there without `xn` is reserved (RFC 5891 §4.2.3.1).
        guard !label.dropFirst(2).starts(with: "--".utf8) else { throw fault("no punycode domain") }
    }

    private static func isLabelByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
        default: false
        }
    }

    private static func fault(_ message: String) -> RegistryError {
        RegistryError(.invalidArgument, message)
    }
}
