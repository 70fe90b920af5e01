// SPDX-License-Identifier: Apache-2.0

/// The name of a trust domain, such as `example.org` (SPIFFE-ID §2.1).
///
/// Names are compared byte by byte and are never normalised.
public struct TrustDomain: Hashable, Sendable {
    /// The longest name that is accepted, in bytes.
    public static let maximumLength = 255

    /// The name without scheme.
    public let name: String

    /// Reads a bare trust domain name such as `example.org`.
    ///
    /// - Throws: ``SPIFFEError`` with code `invalidTrustDomain`.
    public init(_ name: String) throws(SPIFFEError) {
        try Self.check(name.utf8)
        self.name = name
    }

    /// Reads a trust domain written as a name or as a SPIFFE ID (`spiffe://example.org`), whose path is ignored.
    ///
    /// For configuration values and map keys, where both spellings are in use.
    ///
    /// - Throws: ``SPIFFEError`` with code `invalidTrustDomain` or `invalidSPIFFEID`.
    public init(nameOrID text: String) throws(SPIFFEError) {
        if text.utf8.contains(UInt8(ascii: ":")) {
            self = try SPIFFEID(text).trustDomain
        } else {
            try self.init(text)
        }
    }

    /// The SPIFFE ID of the trust domain itself: no path.
    public var id: SPIFFEID {
        SPIFFEID(trustDomain: self)
    }

    static func check(_ name: some Collection<UInt8>) throws(SPIFFEError) {
        guard !name.isEmpty else {
            throw SPIFFEError(.invalidTrustDomain, "trust domain is missing")
        }
        guard name.count <= maximumLength else {
            throw SPIFFEError(.invalidTrustDomain, "trust domain is longer than \(maximumLength) bytes")
        }
        guard name.allSatisfy(isNameByte) else {
            throw SPIFFEError(
                .invalidTrustDomain,
                "trust domain characters are limited to lowercase letters, numbers, dots, dashes, and underscores")
        }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"): true
        default: false
        }
    }
}

extension TrustDomain: CustomStringConvertible {
    /// The name without scheme.
    public var description: String { name }
}

extension TrustDomain: Comparable {
    /// Orders by name.
    public static func < (lhs: TrustDomain, rhs: TrustDomain) -> Bool {
        lhs.name < rhs.name
    }
}
