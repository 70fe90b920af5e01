// SPDX-License-Identifier: Apache-2.0

/// How a bundle is written as a text.
public struct BundleFormat: Hashable, Sendable {
    private enum Name: String {
        case spiffe, pem, api
    }

    private let name: Name

    private init(_ name: Name) {
        self.name = name
    }

    /// The SPIFFE bundle document, a JWK Set (Trust Domain and Bundle §4).
    public static let spiffe = BundleFormat(.spiffe)

    /// X.509 authorities as PEM certificates (RFC 7468).
    public static let pem = BundleFormat(.pem)

    /// The layout of SPIRE's server API in JSON: `trust_domain`, `x509_authorities`, `jwt_authorities`. Only ever read.
    public static let api = BundleFormat(.api)

    /// Says how a text is written by looking at its content, or `nil` when it resembles none of the formats.
    ///
    /// The answer says which reader to ask, not that the text is valid.
    public static func detect(_ bytes: [UInt8]) -> BundleFormat? {
        guard let first = bytes.first(where: { !isWhiteSpace($0) }) else { return nil }
        if first == UInt8(ascii: "{") {
            let document = try? JSONValue(parsing: bytes, maximumBytes: SPIFFEBundle.maximumDocumentSize)
            return document?.object.map(APIBundleReader.recognises) == true ? .api : .spiffe
        }
        return PEMBlock.isPresent(in: bytes) ? .pem : nil
    }

    private static func isWhiteSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0D).contains(byte)
    }
}

extension BundleFormat: CustomStringConvertible {
    /// `spiffe`, `pem` or `api`.
    public var description: String { name.rawValue }
}
