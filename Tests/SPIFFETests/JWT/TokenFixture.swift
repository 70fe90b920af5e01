// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import FoundationEssentials
import SPIFFE

/// A right token with its bundle, to change one thing at a time.
struct TokenFixture {
    let key: TestJWTKey
    let bundle: SPIFFEBundle
    var header: JSONValue
    var claims: JSONObject
    let audience = ["us"]

    init(_ algorithm: JWTAlgorithm = .es256, trustDomain: String = "example.org") throws {
        key = try TestJWTKey(algorithm, keyID: "a")
        bundle = SPIFFEBundle(trustDomain: try TrustDomain(trustDomain), jwtAuthorities: [key.authority])
        header = key.header
        claims = ["sub": .string("spiffe://\(trustDomain)/web"), "aud": ["us"], "exp": Self.time(3600)]
    }

    /// Seconds after the time of the tests, as a claim.
    static func time(_ offset: Int) -> JSONValue {
        .number(JSONNumber(Int(TestTime.now.timeIntervalSince1970) + offset))
    }

    func token() throws -> String {
        try key.token(header: header, claims: .object(claims))
    }

    /// A token with one claim changed, or removed by `nil`.
    func token(_ name: String, _ value: JSONValue?) throws -> String {
        var claims = claims
        claims[name] = value
        return try key.token(header: header, claims: .object(claims))
    }

    /// A token with one header parameter changed, or removed by `nil`.
    func token(header name: String, _ value: JSONValue?) throws -> String {
        var parameters = header.object ?? [:]
        parameters[name] = value
        return try key.token(header: .object(parameters), claims: .object(claims))
    }

    @discardableResult
    func verify(
        _ token: String, by other: SPIFFEBundle? = nil, audience: [String]? = nil, leeway: Duration = .seconds(60)
    ) throws -> JWTSVID {
        try UnverifiedJWTSVID(token: token).verified(
            by: other ?? bundle, audience: audience ?? self.audience, at: TestTime.now, leeway: leeway)
    }

    /// Why a token is refused; `nil` when it is not.
    func refusal(of token: String, by other: SPIFFEBundle? = nil, audience: [String]? = nil) -> String? {
        do {
            try verify(token, by: other, audience: audience)
            return nil
        } catch {
            return "\(error)"
        }
    }
}
