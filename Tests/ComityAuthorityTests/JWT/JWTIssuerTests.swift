// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import ComityTesting
import Crypto
import FoundationEssentials
import SPIFFE
import Testing
import X509
import _CryptoExtras

@Suite struct JWTIssuerTests {
    static let now = AuthorityFixture.now

    struct Header: Decodable {
        var alg: String
        var kid: String
        var typ: String
    }

    struct Claims: Decodable {
        var aud: [String]
        var exp: Int
        var iat: Int
        var sub: String
        var iss: String?
        var jti: String?
    }

    private func token(
        _ fixture: AuthorityFixture, audience: [String] = ["db"], ttl: TimeInterval = 300, tokenID: UUID? = nil
    ) throws -> IssuedJWTSVID {
        try fixture.jwtIssuer.issue(
            id: try fixture.id(), audience: audience, ttl: ttl, tokenID: tokenID, now: Self.now + 0.9)
    }

    private func parts(_ token: String) throws -> [[UInt8]] {
        try token.split(separator: ".", omittingEmptySubsequences: false).map { part in
            #expect(part.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") })
            let standard = String(part.map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 })
            let padded = standard + String(repeating: "=", count: (4 - standard.count % 4) % 4)
            return Array(try #require(Data(base64Encoded: padded)))
        }
    }

    private func claims(_ svid: IssuedJWTSVID) throws -> Claims {
        try JSONDecoder().decode(Claims.self, from: Data(try parts(svid.token)[1]))
    }

    @Test("JWT-01: compact serialization") func hasThreeParts() throws {
        #expect(try parts(try token(AuthorityFixture()).token).count == 3)
    }

    @Test("JWT-02, JWT-06: the header is alg, kid, typ and nothing else") func header() throws {
        let text = try parts(try token(AuthorityFixture()).token)[0]
        #expect(String(decoding: text, as: UTF8.self) == #"{"alg":"ES256","kid":"the-key","typ":"JWT"}"#)
    }

    @Test(
        "JWT-04, JWT-07: alg fits the key, typ is JWT",
        arguments: [
            (KeyType.ecP256, "ES256"), (.ecP384, "ES384"), (.rsa2048, "RS256"), (.rsa4096, "RS256"),
        ])
    func algorithm(keyType: KeyType, algorithm: String) throws {
        let fixture = try AuthorityFixture(keyType: keyType)
        let svid = try token(fixture)
        let header = try JSONDecoder().decode(Header.self, from: Data(try parts(svid.token)[0]))
        #expect(header.alg == algorithm)
        #expect(header.typ == "JWT")
        #expect(try verifies(svid.token, fixture.jwtKey.publicKey))
    }

    @Test("JWT-09: sub is the ID; IDs of others and without path are refused (D-09)") func subject() throws {
        let fixture = try AuthorityFixture()
        #expect(try claims(try token(fixture)).sub == "spiffe://example.org/workload")
        for id in [fixture.trustDomain.id, try SPIFFEID("spiffe://other.org/workload")] {
            #expect(throws: AuthorityError(.invalidTemplate, "")) {
                try fixture.jwtIssuer.issue(id: id, audience: ["db"], ttl: 300, now: Self.now)
            }
        }
    }

    @Test("JWT-10: a token without audience is refused", arguments: [[], [""], ["", ""]])
    func audienceIsNeeded(audience: [String]) throws {
        let fixture = try AuthorityFixture()
        #expect(throws: AuthorityError(.invalidTemplate, "")) { try token(fixture, audience: audience) }
    }

    @Test("JWT-14, JWT-28: exp, aud and sub are set; exp is an integer, aud an array (D-06)") func requiredClaims()
        throws
    {
        let text = try parts(try token(AuthorityFixture()).token)[1]
        #expect(
            String(decoding: text, as: UTF8.self)
                == #"{"aud":["db"],"exp":1790000300,"iat":1790000000,"iss":"https://issuer.example.org","#
                + #""sub":"spiffe://example.org/workload"}"#)
    }

    @Test("JWT-17: the signature is over the bytes sent") func signatureCoversAll() throws {
        let fixture = try AuthorityFixture()
        let svid = try token(fixture)
        #expect(try verifies(svid.token, fixture.jwtKey.publicKey))
        for part in svid.token.split(separator: ".").dropLast() {
            let changed = svid.token.replacing(part, with: part.dropLast(2) + "AA")
            #expect(try !verifies(changed, fixture.jwtKey.publicKey))
        }
    }

    @Test("JWT-19: RSA keys have at least 2048 bits") func rsaKeyLength() throws {
        let weak = try _RSA.Signing.PrivateKey(unsafeKeySize: .init(bitCount: 1024))
        #expect(throws: AuthorityError(.invalidKey, "")) {
            try SigningKey(pkcs8DER: Array(weak.pkcs8DERRepresentation), id: "JWT-Signer-A")
        }
    }

    @Test("JWT-25: jti is the UUID as base64url, only when asked for") func tokenID() throws {
        let fixture = try AuthorityFixture()
        let uuid = try #require(UUID(uuidString: "00112233-4455-6677-8899-AABBCCDDEEFF"))
        #expect(try claims(try token(fixture, tokenID: uuid)).jti == "ABEiM0RVZneImaq7zN3u_w")
        #expect(try claims(try token(fixture)).jti == nil)
    }

    @Test func capsLifeByKey() throws {
        let svid = try token(try AuthorityFixture(ttl: 120), ttl: 300)
        #expect(svid.expiresAt == Self.now + 120)
        #expect(try claims(svid).exp == 1_790_000_120)
    }

    @Test func refusesWhenKeyHasEnded() throws {
        let fixture = try AuthorityFixture(ttl: 120)
        #expect(throws: AuthorityError(.expired, "")) {
            try fixture.jwtIssuer.issue(id: try fixture.id(), audience: ["db"], ttl: 300, now: Self.now + 120)
        }
    }

    @Test(arguments: ["\"}", "a\\b", "tab\tnew\nline", "\u{0}\u{1f}", "ünï", "</script>", "🚀"])
    func audienceSurvivesJSON(audience: String) throws {
        #expect(try claims(try token(AuthorityFixture(), audience: [audience, "x"])).aud == [audience, "x"])
    }

    private func verifies(_ token: String, _ key: Certificate.PublicKey) throws -> Bool {
        let parts = try parts(token)
        let signed = Array(token.utf8.prefix(upTo: try #require(token.utf8.lastIndex(of: UInt8(ascii: ".")))))
        if let key = P256.Signing.PublicKey(key) {
            return key.isValidSignature(try .init(rawRepresentation: parts[2]), for: SHA256.hash(data: signed))
        }
        if let key = P384.Signing.PublicKey(key) {
            return key.isValidSignature(try .init(rawRepresentation: parts[2]), for: SHA384.hash(data: signed))
        }
        let rsa = try #require(_RSA.Signing.PublicKey(key))
        return rsa.isValidSignature(
            .init(rawRepresentation: parts[2]), for: SHA256.hash(data: signed), padding: .insecurePKCS1v1_5)
    }
}
