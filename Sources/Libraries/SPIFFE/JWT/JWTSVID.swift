// SPDX-License-Identifier: Apache-2.0

public import FoundationEssentials

/// A JWT-SVID that was verified: signed by an authority of its own trust domain, for us, and in force at the time of the check.
///
/// Only ``UnverifiedJWTSVID`` makes one.
public struct JWTSVID: Hashable, Sendable {
    /// Times later than the year 9999 count as its end, so that every time can be written in every form.
    static let latestTime: TimeInterval = 253_402_300_799

    /// Whose identity it is: the `sub` claim.
    public let id: SPIFFEID

    /// For whom it is: the `aud` claim, always as a list.
    public let audience: [String]

    /// From when on it is no longer valid: the `exp` claim.
    public let expiresAt: Date

    /// When it was issued, if it says so: the `iat` claim, which nothing is decided by.
    public let issuedAt: Date?

    /// Every claim, with those above.
    ///
    /// What an issuer asserts beyond the ID is only as good as its trust domain (SPIFFE-ID §4.1).
    public let claims: [String: JSONValue]

    /// The `kid` of the key that signed it, if the token names it.
    public let keyID: String?

    /// The token as it was received. It is a secret of its bearer: keep it out of logs.
    public let token: String

    init(verified svid: UnverifiedJWTSVID) {
        id = svid.claims.id
        audience = svid.claims.audience
        expiresAt = svid.claims.expiresAt
        issuedAt = svid.claims.issuedAt
        claims = svid.claims.all.dictionary
        keyID = svid.header.keyID
        token = svid.token
    }
}

extension JWTSVID: CustomStringConvertible {
    /// Names the ID; the token is a secret.
    public var description: String { "JWT-SVID of \(id)" }
}
