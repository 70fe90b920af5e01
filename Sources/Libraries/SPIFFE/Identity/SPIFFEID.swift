// SPDX-License-Identifier: Apache-2.0

/// A SPIFFE ID such as `spiffe://example.org/ns/web/sa/default` (SPIFFE-ID §2).
///
/// IDs are compared byte by byte; nothing is decoded, lower-cased or normalised.
public struct SPIFFEID: Hashable, Sendable {
    /// The longest ID that is accepted or made, in bytes, scheme included (SPIFFE-ID §2.3).
    public static let maximumLength = 2048

    private static let scheme = "spiffe://"

    /// The trust domain that vouches for the ID.
    public let trustDomain: TrustDomain

    /// Empty, or segments that each begin with a slash.
    public let path: String

    /// Reads a SPIFFE ID.
    ///
    /// - Throws: ``SPIFFEError`` with code `invalidSPIFFEID` or `invalidTrustDomain`; the message names the broken rule.
    public init(_ uri: String) throws(SPIFFEError) {
        let bytes = uri.utf8
        guard bytes.count <= Self.maximumLength else {
            throw SPIFFEError(.invalidSPIFFEID, "SPIFFE ID is longer than \(Self.maximumLength) bytes")
        }
        guard bytes.starts(with: Self.scheme.utf8) else {
            throw SPIFFEError(.invalidSPIFFEID, "scheme is missing or invalid")
        }
        let rest = bytes.dropFirst(Self.scheme.utf8.count)
        let pathStart = rest.firstIndex(of: UInt8(ascii: "/")) ?? rest.endIndex
        trustDomain = try TrustDomain(String(uri[rest.startIndex..<pathStart]))
        path = String(uri[pathStart...])
        try Self.check(path: path.utf8)
    }

    /// The ID of a trust domain itself, without path.
    public init(trustDomain: TrustDomain) {
        self.trustDomain = trustDomain
        path = ""
    }

    /// Joins a trust domain and a path, which is empty or begins with a slash.
    ///
    /// - Throws: ``SPIFFEError`` with code `invalidSPIFFEID`.
    public init(trustDomain: TrustDomain, path: String) throws(SPIFFEError) {
        try Self.check(path: path.utf8)
        guard Self.scheme.utf8.count + trustDomain.name.utf8.count + path.utf8.count <= Self.maximumLength else {
            throw SPIFFEError(.invalidSPIFFEID, "SPIFFE ID is longer than \(Self.maximumLength) bytes")
        }
        self.trustDomain = trustDomain
        self.path = path
    }

    /// The whole ID as text.
    public var uri: String {
        Self.scheme + trustDomain.name + path
    }

    /// Says whether the ID is of a trust domain.
    public func isMember(of trustDomain: TrustDomain) -> Bool {
        self.trustDomain == trustDomain
    }

    private static func check(path: String.UTF8View) throws(SPIFFEError) {
        guard let first = path.first else { return }
        guard first == UInt8(ascii: "/") else {
            throw SPIFFEError(.invalidSPIFFEID, "path must have a leading slash")
        }
        var length = 0
        var hasOnlyDots = true
        for byte in path.dropFirst() {
            if byte == UInt8(ascii: "/") {
                guard length > 0 else {
                    throw SPIFFEError(.invalidSPIFFEID, "path cannot contain empty segments")
                }
                try checkDots(length: length, hasOnlyDots: hasOnlyDots)
                length = 0
                hasOnlyDots = true
                continue
            }
            guard isSegmentByte(byte) else {
                throw SPIFFEError(
                    .invalidSPIFFEID,
                    "path segment characters are limited to letters, numbers, dots, dashes, and underscores")
            }
            length += 1
            hasOnlyDots = hasOnlyDots && byte == UInt8(ascii: ".")
        }
        guard length > 0 else {
            throw SPIFFEError(.invalidSPIFFEID, "path cannot have a trailing slash")
        }
        try checkDots(length: length, hasOnlyDots: hasOnlyDots)
    }

    private static func checkDots(length: Int, hasOnlyDots: Bool) throws(SPIFFEError) {
        guard length > 2 || !hasOnlyDots else {
            throw SPIFFEError(.invalidSPIFFEID, "path cannot contain dot segments")
        }
    }

    private static func isSegmentByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"): true
        default: false
        }
    }
}

extension SPIFFEID: CustomStringConvertible {
    /// The whole ID as text.
    public var description: String { uri }
}

extension SPIFFEID: Comparable {
    /// Orders by trust domain, then by path.
    public static func < (lhs: SPIFFEID, rhs: SPIFFEID) -> Bool {
        (lhs.trustDomain, lhs.path) < (rhs.trustDomain, rhs.path)
    }
}
