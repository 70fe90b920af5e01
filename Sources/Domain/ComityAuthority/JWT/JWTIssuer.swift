// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import SPIFFE

/// Issues JWT-SVIDs of one trust domain by one key.
package struct JWTIssuer: Sendable {
    package let trustDomain: TrustDomain
    package let keyID: String
    /// No token outlives this.
    package let expiresAt: Date
    private let key: SigningKey
    /// `{"alg":…,"kid":…,"typ":"JWT"}`, encoded, with the dot that follows it.
    private let header: [UInt8]
    private let issuer: String?

    /// - Parameter issuer: the `iss` claim; `nil` leaves it out.
    package init(trustDomain: TrustDomain, key: SigningKey, keyID: String, expiresAt: Date, issuer: String? = nil) {
        self.trustDomain = trustDomain
        self.key = key
        self.keyID = keyID
        self.expiresAt = expiresAt
        self.issuer = issuer
        let json = "{\"alg\":\"\(key.type.jwtAlgorithm)\",\"kid\":\(JSONText.quote(keyID)),\"typ\":\"JWT\"}"
        header = Base64URL.encode(Array(json.utf8)) + [UInt8(ascii: ".")]
    }

    /// - Parameters:
    ///   - ttl: seconds.
    ///   - tokenID: the UUID that becomes the `jti` claim; `nil` leaves it out.
    package func issue(
        id: SPIFFEID, audience: [String], ttl: TimeInterval, tokenID: UUID? = nil, now: Date
    ) throws(AuthorityError) -> IssuedJWTSVID {
        try check(id: id, audience: audience)
        let issuedAt = now.wholeSecond
        let expiresAt = min((now + ttl).wholeSecond, self.expiresAt.wholeSecond)
        guard expiresAt > issuedAt else {
            throw AuthorityError(.expired, "JWT key \(keyID) has expired; prepare and activate a new one")
        }
        let claims = claims(
            id: id, audience: audience, issuedAt: issuedAt, expiresAt: expiresAt, tokenID: tokenID)
        var token = header + Base64URL.encode(Array(claims.utf8))
        let signature = Base64URL.encode(try key.signature(for: token))
        token.append(UInt8(ascii: "."))
        token += signature
        return IssuedJWTSVID(
            id: id, token: String(decoding: token, as: UTF8.self), issuedAt: issuedAt, expiresAt: expiresAt)
    }

    private func check(id: SPIFFEID, audience: [String]) throws(AuthorityError) {
        guard id.trustDomain == trustDomain else {
            throw AuthorityError(.invalidTemplate, "\"\(id)\" is not a member of trust domain \"\(trustDomain)\"")
        }
        guard !id.path.isEmpty else {
            throw AuthorityError(.invalidTemplate, "SPIFFE ID of a JWT-SVID must have a path")
        }
        guard audience.contains(where: { !$0.isEmpty }) else {
            throw AuthorityError(.invalidTemplate, "at least one audience is required")
        }
    }

    /// The claims in the order of their names, as SPIRE writes them.
    private func claims(
        id: SPIFFEID, audience: [String], issuedAt: Date, expiresAt: Date, tokenID: UUID?
    ) -> String {
        let values = audience.filter { !$0.isEmpty }.map(JSONText.quote).joined(separator: ",")
        var text = "{\"aud\":[\(values)]"
        text += ",\"exp\":\(Int64(expiresAt.timeIntervalSince1970))"
        text += ",\"iat\":\(Int64(issuedAt.timeIntervalSince1970))"
        if let issuer {
            text += ",\"iss\":\(JSONText.quote(issuer))"
        }
        if let tokenID {
            let bytes = withUnsafeBytes(of: tokenID.uuid) { Array($0) }
            text += ",\"jti\":\"\(String(decoding: Base64URL.encode(bytes), as: UTF8.self))\""
        }
        text += ",\"sub\":\"\(id.uri)\"}"
        return text
    }
}
