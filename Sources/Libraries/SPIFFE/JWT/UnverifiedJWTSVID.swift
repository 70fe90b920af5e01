// SPDX-License-Identifier: Apache-2.0

public import FoundationEssentials

/// A token in the form of a JWT-SVID whose signature, audience and times nobody has checked yet.
///
/// Its ``id`` says whose bundle to fetch and nothing more: anybody can write any ID into a token.
///
/// ```swift
/// let token = try UnverifiedJWTSVID(token: text)
/// let svid = try token.verified(by: bundles, audience: ["spiffe://example.org/db"], at: Date())
/// ```
public struct UnverifiedJWTSVID: Hashable, Sendable {
    /// The longest token that is read, in bytes (decision D-32).
    public static let maximumLength = 64 << 10

    /// The token as it was received. It is a secret of its bearer: keep it out of logs.
    public let token: String

    let header: JWTHeader
    let claims: JWTClaims
    let signature: [UInt8]

    /// Header and payload as they were received: what the signature is made over.
    let signedLength: Int

    /// Reads a token in JWS Compact Serialization.
    ///
    /// - Throws: ``SPIFFEError`` with code `invalidJWTSVID`; the message never has the token.
    public init(token: String) throws(SPIFFEError) {
        let bytes = Array(token.utf8)
        guard bytes.count <= Self.maximumLength else {
            throw SPIFFEError(.invalidJWTSVID, "token is longer than \(Self.maximumLength) bytes")
        }
        let parts = bytes.split(separator: UInt8(ascii: "."), maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 3 else {
            throw SPIFFEError(
                .invalidJWTSVID, "unable to parse JWT token: not three parts (JWS Compact Serialization)")
        }
        self.token = token
        header = try JWTHeader(try Self.decode(parts[0], as: "header"))
        claims = try JWTClaims(try Self.decode(parts[1], as: "payload"))
        guard let signature = Base64.url.decode(parts[2]), !signature.isEmpty else {
            throw SPIFFEError(.invalidJWTSVID, "unable to parse JWT token: signature is not base64url without padding")
        }
        self.signature = signature
        signedLength = parts[2].startIndex - 1
    }

    /// The SPIFFE ID that the token claims.
    public var id: SPIFFEID { claims.id }

    /// Which key the token claims to be signed by; `nil` when it does not say.
    public var keyID: String? { header.keyID }

    /// For whom the token claims to be.
    public var audience: [String] { claims.audience }

    /// When the token claims to end.
    public var expiresAt: Date { claims.expiresAt }

    private static func decode(_ part: ArraySlice<UInt8>, as name: String) throws(SPIFFEError) -> JSONObject {
        guard let bytes = Base64.url.decode(part) else {
            throw SPIFFEError(
                .invalidJWTSVID, "unable to parse JWT token: \(name) is not base64url without padding")
        }
        do {
            guard let object = try JSONValue(parsing: bytes, maximumBytes: maximumLength).object else {
                throw SPIFFEError(.invalidJWTSVID, "it is not a JSON object")
            }
            return object
        } catch {
            throw SPIFFEError(.invalidJWTSVID, "unable to parse JWT token: \(name) is malformed", cause: error)
        }
    }
}

extension UnverifiedJWTSVID: CustomStringConvertible {
    /// Names the claimed ID; the token is a secret.
    public var description: String { "unverified JWT-SVID of \(id)" }
}
