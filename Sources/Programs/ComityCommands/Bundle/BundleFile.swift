// SPDX-License-Identifier: Apache-2.0

import SPIFFE

/// The text of a bundle, from a file or standard input.
struct BundleFile {
    let bytes: [UInt8]
    /// What messages call it.
    let source: String

    /// - Parameter path: Empty or `-` is standard input.
    /// - Throws: ``CommandError`` when there is nothing in it.
    init(_ path: String) throws(CommandError) {
        let isPiped = path.isEmpty || path == "-"
        bytes = try InputFile.read(isPiped ? "-" : path)
        guard bytes.contains(where: { !$0.isWhiteSpace }) else {
            throw CommandError(
                .input, isPiped ? "empty bundle on stdin (did you forget -i?)" : "bundle file \(path) is empty")
        }
        source = isPiped ? "the text on stdin" : path
    }

    /// The server API's layout names its trust domain.
    static func trustDomain(namedIn bytes: [UInt8]) -> TrustDomain? {
        let document = try? JSONValue(parsing: bytes, maximumBytes: SPIFFEBundle.maximumDocumentSize)
        return (document?["trust_domain"] ?? document?["trustDomain"])?.string.flatMap {
            try? TrustDomain(nameOrID: $0)
        }
    }
}

extension UInt8 {
    fileprivate var isWhiteSpace: Bool {
        self == 0x20 || (0x09...0x0D).contains(self)
    }
}
