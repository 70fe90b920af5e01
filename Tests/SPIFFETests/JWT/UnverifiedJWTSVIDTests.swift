// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import Crypto
import FoundationEssentials
import SPIFFE
import Testing
import X509

/// JWT-SVID §4 and §6.2: what makes a token valid.
@Suite struct UnverifiedJWTSVIDTests {
    @Test(
        "JWT-15: exp is in the future, with a leeway (D-07)",
        arguments: [
            (3600, 60, true), (1, 0, true), (0, 0, false), (-1, 0, false), (-59, 60, true), (-60, 60, false),
            (-3600, 60, false), (-119, 120, true), (-120, 120, false), (-121, 3600, false), (0, -5, false),
        ])
    func checksExpiry(offset: Int, leeway: Int, isValid: Bool) throws {
        let fixture = try TokenFixture()
        let token = try fixture.token("exp", TokenFixture.time(offset))
        if isValid {
            try fixture.verify(token, leeway: .seconds(leeway))
        } else {
            let error = #expect(throws: SPIFFEError.self) { try fixture.verify(token, leeway: .seconds(leeway)) }
            #expect(error?.message == "token has expired")
        }
    }

    @Test(
        "JWT-16: nbf is honoured, with a leeway (D-07)",
        arguments: [(3600, 60, false), (61, 60, false), (60, 60, true), (1, 0, false), (0, 0, true), (-5, 0, true)])
    func checksNotBefore(offset: Int, leeway: Int, isValid: Bool) throws {
        let fixture = try TokenFixture()
        let token = try fixture.token("nbf", TokenFixture.time(offset))
        if isValid {
            try fixture.verify(token, leeway: .seconds(leeway))
        } else {
            let error = #expect(throws: SPIFFEError.self) { try fixture.verify(token, leeway: .seconds(leeway)) }
            #expect(error?.message == "token is not valid yet")
        }
    }

    @Test("JWT-16: nbf is a number", arguments: ["1", nil, true] as [JSONValue])
    func refusesOtherNotBefore(_ value: JSONValue) throws {
        let fixture = try TokenFixture()
        #expect(throws: SPIFFEError(.invalidJWTSVID, "")) { try UnverifiedJWTSVID(token: fixture.token("nbf", value)) }
    }

    @Test func doesNotDecideByTheTimeOfIssue() throws {
        let fixture = try TokenFixture()
        try fixture.verify(fixture.token("iat", TokenFixture.time(3600)))
    }

    @Test("JWT-17, SVID-05: a change in any part breaks the signature")
    func refusesChangedParts() throws {
        let fixture = try TokenFixture()
        let parts = try fixture.token().split(separator: ".").map(String.init)
        let other = try fixture.token("sub", "spiffe://example.org/admin").split(separator: ".").map(String.init)
        let header = Base64.url.encode(Array(#"{"kid":"a","alg":"ES256"}"#.utf8))
        for changed in [
            [header, parts[1], parts[2]], [parts[0], other[1], parts[2]], [parts[0], parts[1], other[2]],
        ] {
            #expect(fixture.refusal(of: changed.joined(separator: ".")) == "token signature is not valid")
        }
    }

    @Test("JWT-17: other spellings of base64url are refused")
    func refusesRespelledParts() throws {
        let fixture = try TokenFixture()
        let token = try fixture.token()
        let parts = token.split(separator: ".").map(String.init)
        var texts = [token + "=", token + "==", token + "\n", " " + token, token + " "]
        for index in 0..<3 {
            for text in [
                parts[index] + "=", parts[index].dropLast() + "+", parts[index].dropLast() + "/", "\n" + parts[index],
            ] {
                var changed = parts
                changed[index] = text
                texts.append(changed.joined(separator: "."))
            }
        }
        for text in texts {
            #expect(throws: SPIFFEError(.invalidJWTSVID, "")) { try UnverifiedJWTSVID(token: text) }
        }
    }

    @Test("JWT-17: ECDSA signatures in DER, of zeros, or of another length are refused")
    func refusesOtherSignatureForms() throws {
        let fixture = try TokenFixture()
        let token = try fixture.token()
        let parts = token.split(separator: ".").map(String.init)
        let raw = try #require(Base64.url.decode(parts[2]))
        let der = try P256.Signing.ECDSASignature(rawRepresentation: raw).derRepresentation
        let zeros = [UInt8](repeating: 0, count: 64)
        for signature in [Array(der), zeros, Array(raw.dropLast()), raw + [0], [0] + raw, Array(raw.suffix(32))] {
            let text = "\(parts[0]).\(parts[1])." + Base64.url.encode(signature)
            #expect(fixture.refusal(of: text) == "token signature is not valid")
        }
    }

    @Test(
        "JWT-17: a key of another type or curve than alg is refused",
        arguments: [JWTAlgorithm.es256, .es384, .es512, .rs256, .ps256], [JWTAlgorithm.es256, .es384, .es512, .rs256])
    func refusesKeysThatDoNotFit(algorithm: JWTAlgorithm, keyAlgorithm: JWTAlgorithm) throws {
        let fixture = try TokenFixture(algorithm)
        let other = try TestJWTKey(keyAlgorithm, keyID: "a")
        let bundle = SPIFFEBundle(trustDomain: fixture.bundle.trustDomain, jwtAuthorities: [other.authority])
        let fits = algorithm.fits(other.publicKey)
        let expected =
            fits
            ? "token signature is not valid"
            : "no key of trust domain \"example.org\" fits algorithm \(algorithm.rawValue)"
        #expect(fixture.refusal(of: try fixture.token(), by: bundle) == expected)
    }

    @Test("JWT-17: PKCS #1 and PSS signatures are not mistaken for each other")
    func tellsPaddingsApart() throws {
        let fixture = try TokenFixture(.rs256)
        for algorithm: JSONValue in ["PS256", "RS384", "PS512"] {
            #expect(fixture.refusal(of: try fixture.token(header: "alg", algorithm)) == "token signature is not valid")
        }
    }

    @Test("JWT-19: RSA keys below 2048 bits are not used (D-10)")
    func ignoresWeakKeys() throws {
        let key = try TestKeyType.rsa1024.makeKey().publicKey
        #expect(JWTAlgorithm.allCases.allSatisfy { !$0.fits(key) })
        let modulus =
            "0xl2SXJ_udr1-R7lV8fQ_BmVYgh8B6LfRIps1FmC01y3bYLVgqWrraahjwd3EQZYfvIkLOmCLoC0zJ-ZMRkQ68YmYGy8Y1fT"
            + "a91WpbLLYep2_8WXd0hFxvsl-8UtTHMiHvWpnua1RclxQGPbPNS-BI5G7qaCKWq_3hZGh6OvG1U"
        let text = #"{"keys":[{"use":"jwt-svid","kty":"RSA","kid":"a","e":"AQAB","n":"\#(modulus)"}]}"#
        let document = try BundleDocument(parsing: Array(text.utf8), trustDomain: try TrustDomain("example.org"))
        #expect(document.bundle.jwtAuthorities.isEmpty)
        #expect(document.ignoredEntryCount == 1)
    }

    @Test("JWT-23: only jwt-svid entries verify tokens", arguments: ["x509-svid", "wit-svid"])
    func usesKeysForTokensOnly(_ use: String) throws {
        let fixture = try TokenFixture()
        let text = String(decoding: fixture.bundle.document(), as: UTF8.self).replacing("jwt-svid", with: use)
        let bundle = try SPIFFEBundle(document: Array(text.utf8), trustDomain: fixture.bundle.trustDomain)
        #expect(fixture.refusal(of: try fixture.token(), by: bundle) != nil)
        #expect(bundle.jwtAuthorities.isEmpty)
    }

    @Test("JWT-24: a trust domain without JWT keys has no JWT-SVIDs")
    func refusesEverythingWithoutKeys() throws {
        let fixture = try TokenFixture()
        let bundle = try TestCA().bundle
        for keyID: JSONValue? in ["a", nil] {
            #expect(fixture.refusal(of: try fixture.token(header: "kid", keyID), by: bundle) != nil)
        }
    }

    @Test("JWT-25: a token is accepted again and again")
    func acceptsTokensTwice() throws {
        let fixture = try TokenFixture()
        let token = try fixture.token("jti", "1")
        #expect(try fixture.verify(token) == fixture.verify(token))
    }

    @Test("JWT-27, SVID-01: the key is of the trust domain in sub")
    func usesTheBundleOfTheSubject() throws {
        let a = try TokenFixture(trustDomain: "a.test")
        let b = try TokenFixture(trustDomain: "b.test")
        let forged = try UnverifiedJWTSVID(token: a.token("sub", "spiffe://b.test/web"))
        func verify(by bundles: [SPIFFEBundle]) throws {
            _ = try forged.verified(by: BundleSet(bundles), audience: a.audience, at: TestTime.now)
        }
        #expect(throws: SPIFFEError(.invalidJWTSVID, "")) { try verify(by: [a.bundle, b.bundle]) }
        #expect(throws: SPIFFEError(.noBundle, "")) { try verify(by: [a.bundle]) }
        #expect(throws: SPIFFEError(.noBundle, "")) {
            try forged.verified(by: a.bundle, audience: a.audience, at: TestTime.now)
        }
    }

    @Test("SVID-01, BUNDLE-25: certificates too are verified by their own trust domain only")
    func verifiesCertificatesByTheirTrustDomain() throws {
        let a = try TestCA("a.test")
        let b = try TestCA("b.test")
        let forged = try a.leaf(SPIFFEID("spiffe://b.test/web")).unverified()
        #expect(throws: SPIFFEError(.invalidX509SVID, "")) {
            try forged.verified(by: BundleSet([try a.bundle, try b.bundle]), at: TestTime.now)
        }
        #expect(throws: SPIFFEError(.noBundle, "")) { try forged.verified(by: try a.bundles, at: TestTime.now) }
        var shared = try b.bundle
        shared.x509Authorities = try a.bundle.x509Authorities
        let svid = try a.leaf().unverified().verified(by: BundleSet([shared, try a.bundle]), at: TestTime.now)
        #expect(svid.id.trustDomain == a.trustDomain)
    }

    @Test("ID-12: a trust domain of the same name with other keys is not trusted")
    func refusesNamesakes() throws {
        let fixture = try TokenFixture()
        #expect(
            fixture.refusal(of: try fixture.token(), by: try TokenFixture().bundle) == "token signature is not valid")
        let namesake = try TestCA(commonName: "Namesake")
        #expect(throws: SPIFFEError(.invalidX509SVID, "")) {
            try TestCA().leaf().unverified().verified(by: try namesake.bundles, at: TestTime.now)
        }
    }

    @Test(
        "SVID-06: whatever is neither certificate nor JWT-SVID is refused",
        arguments: ["", "svid", "MIIB", "a.b.c", "{}"])
    func refusesOtherDocuments(_ text: String) {
        #expect(throws: SPIFFEError(.invalidJWTSVID, "")) { try UnverifiedJWTSVID(token: text) }
        #expect(throws: SPIFFEError.self) { try UnverifiedX509SVID(derCertificates: [Array(text.utf8)]) }
    }

    @Test func refusesTokensBeyondTheLimit() throws {
        let fixture = try TokenFixture()
        let padding = String(repeating: "x", count: UnverifiedJWTSVID.maximumLength)
        #expect(throws: SPIFFEError(.invalidJWTSVID, "")) {
            try UnverifiedJWTSVID(token: fixture.token("padding", .string(padding)))
        }
    }

    @Test func verifiesWhatOpenSSLSigned() throws {
        let trustDomain = try TrustDomain("example.org")
        let bundle = try SPIFFEBundle(document: fixture("openssl.jwt-keys.json"), trustDomain: trustDomain)
        let tokens = String(decoding: try fixture("openssl.jwt-svids.txt"), as: UTF8.self).split(separator: "\n")
        #expect(tokens.count == JWTAlgorithm.allCases.count)
        for token in tokens {
            let svid = try UnverifiedJWTSVID(token: String(token)).verified(
                by: bundle, audience: ["us"], at: TestTime.now)
            #expect(svid.id.path == "/web")
        }
    }

    @Test func keepsMessagesShort() throws {
        let fixture = try TokenFixture()
        let long = String(repeating: "x", count: 10_000)
        let tokens = [
            try fixture.token("aud", .array(Array(repeating: .string(long.prefix(400).description), count: 100))),
            try fixture.token(header: "kid", .string(long)), try fixture.token(header: long, 1),
        ]
        for token in tokens {
            let refusal = try #require(fixture.refusal(of: token))
            #expect(refusal.utf8.count < 6000)
        }
    }

    @Test func saysWhichAudienceWasExpected() throws {
        let fixture = try TokenFixture()
        let token = try fixture.token("aud", ["y", "z"])
        #expect(fixture.refusal(of: token, audience: ["x"]) == #"expected audience in ["x"] (audience=["y" "z"])"#)
    }

    @Test func acceptsNoChangedToken() throws {
        let fixture = try TokenFixture()
        let token = try fixture.token()
        let original = Array(token.utf8)
        var generator = SeededGenerator(seed: 5)
        try fixture.verify(token)
        for _ in 0..<2000 {
            let changed = generator.mutate(original)
            guard changed != original else { continue }
            #expect(throws: SPIFFEError.self) { try fixture.verify(String(decoding: changed, as: UTF8.self)) }
        }
    }
}
