// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import Crypto
import FoundationEssentials
import SPIFFE
import Testing
import X509

/// JWT-SVID §2: serialization and header.
@Suite struct JWTHeaderTests {
    @Test("JWT-01, JWT-03: only three parts, never JSON serialization or JWE")
    func acceptsCompactSerializationOnly() throws {
        let fixture = try TokenFixture()
        let token = try fixture.token()
        let parts = token.split(separator: ".").map(String.init)
        let flattened: JSONValue = [
            "protected": .string(parts[0]), "payload": .string(parts[1]), "signature": .string(parts[2]),
        ]
        let general: JSONValue = [
            "payload": .string(parts[1]),
            "signatures": [["protected": .string(parts[0]), "signature": .string(parts[2])]],
        ]
        let other = [
            "\(flattened)", "\(general)", "", ".", "..", parts[0], parts[0] + "." + parts[1], token + ".",
            token + ".AQ",
            token + ".AQ.AQ", "." + token, parts[0] + ".." + parts[2], "\(parts[0]).\(parts[1]).",
        ]
        try fixture.verify(token)
        for text in other {
            #expect(throws: SPIFFEError(.invalidJWTSVID, "")) { try UnverifiedJWTSVID(token: text) }
        }
    }

    @Test(
        "JWT-02: header parameters besides alg, kid, typ are refused (D-05)",
        arguments: ["jku", "jwk", "x5u", "x5c", "x5t", "crit", "b64", "cty", "ALG"])
    func refusesOtherParameters(_ name: String) throws {
        let fixture = try TokenFixture()
        for value: JSONValue in ["https://example.org/keys", [], nil, false] {
            #expect(throws: SPIFFEError(.invalidJWTSVID, "")) {
                try UnverifiedJWTSVID(token: fixture.token(header: name, value))
            }
        }
    }

    @Test("JWT-04: each of the nine algorithms is accepted", arguments: JWTAlgorithm.allCases)
    func acceptsAlgorithms(_ algorithm: JWTAlgorithm) throws {
        let fixture = try TokenFixture(algorithm)
        #expect(try fixture.verify(fixture.token()).id.uri == "spiffe://example.org/web")
    }

    @Test(
        "JWT-04: any other algorithm is refused",
        arguments: ["none", "None", "HS256", "EdDSA", "ES256K", "es256", "", nil, .null, 256, ["ES256"]] as [JSONValue?]
    )
    func refusesAlgorithms(_ algorithm: JSONValue?) throws {
        let fixture = try TokenFixture()
        let token = try fixture.token(header: "alg", algorithm)
        let unsigned = token.split(separator: ".").prefix(2).joined(separator: ".") + "."
        for text in [token, unsigned] {
            let error = #expect(throws: SPIFFEError.self) { try UnverifiedJWTSVID(token: text) }
            #expect(error?.message.hasPrefix("token algorithm is not supported") == true)
        }
    }

    @Test("JWT-04: HS256 keyed with the public key is refused")
    func refusesPublicKeyAsSecret() throws {
        let fixture = try TokenFixture()
        let secret = SymmetricKey(data: try fixture.key.authority.publicKeyDERBytes())
        let input = try fixture.token(header: "alg", "HS256").split(separator: ".").prefix(2).joined(separator: ".")
        let code = HMAC<SHA256>.authenticationCode(for: Array(input.utf8), using: secret)
        let token = input + "." + Base64.url.encode(Array(code))
        #expect(throws: SPIFFEError(.invalidJWTSVID, "")) { try UnverifiedJWTSVID(token: token) }
    }

    @Test("JWT-05: the algorithm is checked before anything else", arguments: ["broken", "", "{}"])
    func checksAlgorithmFirst(payload: String) throws {
        let token = try TestJWTKey().token(
            headerText: #"{"crit":[1],"typ":5,"alg":"none","kid":7}"#, claimsText: payload)
        let error = #expect(throws: SPIFFEError.self) { try UnverifiedJWTSVID(token: token) }
        #expect(error?.message.hasPrefix("token algorithm is not supported") == true)
    }

    @Test("JWT-06: a token with unknown kid is refused, without falling back to other keys")
    func looksUpKeyIDOnly() throws {
        let fixture = try TokenFixture()
        let refusal = fixture.refusal(of: try fixture.token(header: "kid", "b"))
        #expect(refusal == "public key \"b\" not found in trust domain \"example.org\"")
        for value: JSONValue in [7, nil, ["a"]] {
            #expect(throws: SPIFFEError(.invalidJWTSVID, "")) {
                try UnverifiedJWTSVID(token: fixture.token(header: "kid", value))
            }
        }
    }

    @Test(
        "JWT-06: without kid each key that fits is tried, unless it is demanded (D-04)",
        arguments: [nil, ""] as [JSONValue?])
    func triesKeysWithoutKeyID(keyID: JSONValue?) throws {
        let fixture = try TokenFixture()
        var bundle = fixture.bundle
        bundle.jwtAuthorities = [
            try TestJWTKey(.es384, keyID: "x").authority, try TestJWTKey(.es256, keyID: "y").authority,
            fixture.key.authority,
        ]
        let token = try fixture.token(header: "kid", keyID)
        #expect(try fixture.verify(token, by: bundle).keyID == nil)
        let error = #expect(throws: SPIFFEError.self) {
            try UnverifiedJWTSVID(token: token).verified(
                by: bundle, audience: fixture.audience, at: TestTime.now, requiresKeyID: true)
        }
        #expect(error?.message == "token header missing key id")
        bundle.jwtAuthorities.removeLast()
        #expect(fixture.refusal(of: token, by: bundle) == "token signature is not valid")
    }

    @Test func triesABoundedNumberOfKeysWithoutKeyID() throws {
        let fixture = try TokenFixture()
        var bundle = fixture.bundle
        let others = try (1..<UnverifiedJWTSVID.maximumCandidates).map { try TestJWTKey(keyID: "\($0)").authority }
        let token = try fixture.token(header: "kid", nil)

        bundle.jwtAuthorities = others + [fixture.key.authority]
        try fixture.verify(token, by: bundle)
        bundle.jwtAuthorities = others + [try TestJWTKey(keyID: "last").authority, fixture.key.authority]
        #expect(fixture.refusal(of: token, by: bundle) == "token signature is not valid")
    }

    @Test("JWT-07: typ is JWT, JOSE or absent", arguments: ["JWT", "JOSE", nil] as [JSONValue?])
    func acceptsTypes(_ type: JSONValue?) throws {
        let fixture = try TokenFixture()
        try fixture.verify(fixture.token(header: "typ", type))
    }

    @Test(
        "JWT-07, SVID-06: other types are refused (D-08)",
        arguments: ["jwt", "at+jwt", "wit+jwt", "", 1, .null] as [JSONValue])
    func refusesTypes(_ type: JSONValue) throws {
        let fixture = try TokenFixture()
        #expect(throws: SPIFFEError(.invalidJWTSVID, "")) {
            try UnverifiedJWTSVID(token: fixture.token(header: "typ", type))
        }
    }

    @Test(
        "JWT-18: repeated names in header or claims are refused",
        arguments: [
            (#"{"alg":"none","alg":"ES256","kid":"a"}"#, nil), (#"{"alg":"ES256","\u0061lg":"ES256","kid":"a"}"#, nil),
            (nil, #"{"sub":"spiffe://example.org/a","sub":"spiffe://example.org/b","aud":"us","exp":4102444800}"#),
        ] as [(String?, String?)])
    func refusesRepeatedNames(header: String?, claims: String?) throws {
        let fixture = try TokenFixture()
        let token = try fixture.key.token(
            headerText: header ?? "\(fixture.header)", claimsText: claims ?? "\(JSONValue.object(fixture.claims))")
        #expect(throws: SPIFFEError(.invalidJWTSVID, "")) { try UnverifiedJWTSVID(token: token) }
    }
}
