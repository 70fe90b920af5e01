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
    private let header: String
    private let issuer: String?

    /// - Parameter issuer: the `iss` claim; `nil` leaves it out.
    package init(trustDomain: TrustDomain, key: SigningKey, keyID: String, expiresAt: Date, issuer: String? = nil) {
        self.trustDomain = trustDomain
        self.key = key
        self.keyID = keyID
        self.expiresAt = expiresAt
        self.issuer = issuer
        let header: JSONObject = [
            "alg": .string(key.type.jwtAlgorithm), "kid": .string(keyID), "typ": .string("JWT"),
        ]
        self.header = Base64.url.encode(JSONValue.object(header).bytes()) + "."
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
        let signed = header + Base64.url.encode(claims)
        let signature = try key.signature(for: Array(signed.utf8))
        return IssuedJWTSVID(
            id: id, token: "\(signed).\(Base64.url.encode(signature))", issuedAt: issuedAt, expiresAt: expiresAt)
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
    ) -> [UInt8] {
        var claims = JSONObject()
        claims["aud"] = .array(audience.filter { !$0.isEmpty }.map(JSONValue.string))
        claims["exp"] = .number(JSONNumber(Int64(expiresAt.timeIntervalSince1970)))
        claims["iat"] = .number(JSONNumber(Int64(issuedAt.timeIntervalSince1970)))
        claims["iss"] = issuer.map(JSONValue.string)
        claims["jti"] = tokenID.map { uuid in
            .string(withUnsafeBytes(of: uuid.uuid) { Base64.url.encode(Array($0)) })
        }
        claims["sub"] = .string(id.uri)
        return JSONValue.object(claims).bytes()
    }
}
