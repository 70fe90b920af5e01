// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import Crypto
import FoundationEssentials
import SPIFFE
import Testing
import X509

/// What a consumer makes of a bundle document (Trust Domain and Bundle §4).
@Suite struct BundleDocumentTests {
    private let trustDomain: TrustDomain
    private let ca: TestCA
    private let key: TestJWTKey

    init() throws {
        ca = try TestCA()
        trustDomain = ca.trustDomain
        key = try TestJWTKey(keyID: "a")
    }

    private func read(_ text: String) throws -> BundleDocument {
        try BundleDocument(parsing: Array(text.utf8), trustDomain: trustDomain)
    }

    private func read(keys: [JSONValue]) throws -> BundleDocument {
        try read("\(["keys": .array(keys)] as JSONValue)")
    }

    /// The entries of a right document: an X.509 authority and a JWT authority.
    private func entries() throws -> (x509: JSONObject, jwt: JSONObject) {
        let bundle = SPIFFEBundle(
            trustDomain: trustDomain, x509Authorities: [try X509Authority(ca.root)], jwtAuthorities: [key.authority])
        let document = try JSONValue(parsing: bundle.document(), maximumBytes: 1 << 20)
        let keys = document["keys"]?.array?.compactMap(\.object) ?? []
        return (try #require(keys.first), try #require(keys.last))
    }

    /// Reads the right entries with one more between them; gives why that one was ignored.
    private func reasonForIgnoring(_ entry: JSONValue) throws -> String? {
        let good = try entries()
        let document = try read(keys: [.object(good.x509), entry, .object(good.jwt)])
        #expect(document.bundle.x509Authorities.count == 1)
        #expect(document.bundle.jwtAuthorities == [key.authority])
        #expect(document.ignoredEntryCount == document.ignoredEntries.count)
        #expect(document.ignoredEntries.map(\.index) == (document.ignoredEntries.isEmpty ? [] : [1]))
        return document.ignoredEntries.first?.reason
    }

    private func changed(_ entry: JSONObject, _ name: String, to value: JSONValue?) -> JSONValue {
        var entry = entry
        entry[name] = value
        return .object(entry)
    }

    @Test("BUNDLE-01: a document is a JSON object", arguments: ["[]", "\"keys\"", #"{"keys":["#, "", "null", "{} {}"])
    func refusesOtherTexts(_ text: String) {
        #expect(throws: SPIFFEError(.invalidBundle, "")) { try read(text) }
    }

    @Test("BUNDLE-02: whose bundle it is comes from outside")
    func takesTrustDomainFromTheCaller() throws {
        let document = #"{"keys":[],"trust_domain":"other.test"}"#
        #expect(try read(document).bundle.trustDomain == trustDomain)
        let set = BundleSet([try ca.bundle])
        #expect(set[try TrustDomain("other.test")] == nil)
        #expect(set[trustDomain] == (try ca.bundle))
    }

    @Test("BUNDLE-03, BUNDLE-04: other members are ignored, none is needed")
    func needsNothingButKeys() throws {
        let empty = SPIFFEBundle(trustDomain: trustDomain)
        #expect(try read(#"{"keys":[]}"#).bundle == empty)
        #expect(try read(#"{"x":{"y":[1]},"keys":[],"spiffe_other":null}"#).bundle == empty)
    }

    @Test(
        "BUNDLE-06: a sequence that is no integer from 0 refuses the document (D-21)",
        arguments: ["\"1\"", "1.5", "1.0", "1e2", "-1", "null", "true", "18446744073709551616"])
    func refusesOtherSequences(_ value: String) {
        #expect(throws: SPIFFEError(.invalidBundle, "")) { try read(#"{"keys":[],"spiffe_sequence":\#(value)}"#) }
    }

    @Test("BUNDLE-08: sequences keep 64 bits", arguments: [0, 1, 9_007_199_254_740_993, UInt64.max])
    func keepsSequences(_ sequence: UInt64) throws {
        let bundle = try read(#"{"keys":[],"spiffe_sequence":\#(sequence)}"#).bundle
        #expect(bundle.sequenceNumber == sequence)
        let text = String(decoding: bundle.document(), as: UTF8.self)
        #expect(text.contains("\"spiffe_sequence\": \(sequence)\n") == (sequence > 0))
        #expect(try read(text).bundle.sequenceNumber ?? 0 == sequence)
    }

    @Test(
        "BUNDLE-10: a hint that is no integer refuses the document (D-21)",
        arguments: ["\"300\"", "300.5", "300.0", "3e2", "null", "[]"])
    func refusesOtherHints(_ value: String) {
        #expect(throws: SPIFFEError(.invalidBundle, "")) { try read(#"{"keys":[],"spiffe_refresh_hint":\#(value)}"#) }
    }

    @Test(
        "BUNDLE-10: a hint of 0 or less counts as absent (D-21)",
        arguments: [
            ("300", 300), ("1", 1), ("0", nil), ("-1", nil), ("-0", nil), ("-99999999999999999999", nil),
            ("99999999999999999999", Int64.max),
        ])
    func readsHints(value: String, hint: Int64?) throws {
        #expect(try read(#"{"keys":[],"spiffe_refresh_hint":\#(value)}"#).bundle.refreshHint == hint)
    }

    @Test("BUNDLE-12: keys is an array", arguments: ["{}", #"{"keys":null}"#, #"{"keys":{}}"#, #"{"keys":"a"}"#])
    func refusesMissingKeys(_ text: String) {
        #expect(throws: SPIFFEError(.invalidBundle, "")) { try read(text) }
    }

    @Test("BUNDLE-13, BUNDLE-19: entries of unknown or missing key type are ignored")
    func ignoresUnknownKeyTypes() throws {
        let good = try entries()
        let x448: JSONValue = ["use": "jwt-svid", "kid": "b", "kty": "OKP", "crv": "X448", "x": "AQ"]
        let symmetric: JSONValue = ["use": "jwt-svid", "kid": "b", "kty": "oct", "k": "AQ"]
        for entry in [good.x509, good.jwt] {
            for type: JSONValue? in ["XYZ", "ec", nil, 1, .null] {
                #expect(try reasonForIgnoring(changed(entry, "kty", to: type)) != nil)
            }
        }
        for entry in [x448, symmetric] {
            #expect(try reasonForIgnoring(entry) != nil)
        }
    }

    @Test("BUNDLE-14, BUNDLE-15: entries of unknown use or without one are ignored")
    func ignoresUnknownUses() throws {
        let good = try entries()
        for entry in [good.x509, good.jwt] {
            for use: JSONValue? in ["ssh-svid", "sig", "X509-SVID", "", nil, .null, 1] {
                #expect(try reasonForIgnoring(changed(entry, "use", to: use)) != nil)
            }
        }
    }

    @Test(
        "BUNDLE-20, BUNDLE-26: use is case-sensitive; wit-svid is not read here", arguments: ["JWT-SVID", "wit-svid"])
    func ignoresUsesOfOthers(_ use: String) throws {
        let good = try entries()
        #expect(try reasonForIgnoring(changed(good.jwt, "use", to: .string(use))) == "use \"\(use)\" is not known here")
    }

    @Test(
        "BUNDLE-16, BUNDLE-17: without usable keys every SVID is refused",
        arguments: ["[]", #"[{"use":"ssh","kty":"EC"}]"#])
    func trustsNothingWithoutKeys(_ keys: String) throws {
        var bundles = BundleSet([try ca.bundle])
        bundles[trustDomain]?.jwtAuthorities = [key.authority]
        let x509SVID = try ca.leaf().unverified()
        let jwtSVID = try UnverifiedJWTSVID(
            token: key.token(claims: ["sub": "spiffe://example.org/a", "aud": "us", "exp": 1_767_229_200]))
        _ = try x509SVID.verified(by: bundles, at: TestTime.now)
        _ = try jwtSVID.verified(by: bundles, audience: ["us"], at: TestTime.now)
        bundles[trustDomain] = try read(#"{"keys":\#(keys)}"#).bundle
        #expect(throws: SPIFFEError(.invalidX509SVID, "")) { try x509SVID.verified(by: bundles, at: TestTime.now) }
        #expect(throws: SPIFFEError(.invalidJWTSVID, "")) {
            try jwtSVID.verified(by: bundles, audience: ["us"], at: TestTime.now)
        }
    }

    @Test("BUNDLE-21: the key is that of the certificate")
    func ignoresCertificatesOfOtherKeys() throws {
        let good = try entries()
        let other = try JSONValue(parsing: TestCA(commonName: "Other").bundle.document(), maximumBytes: 1 << 20)
        let foreign = other["keys"]?.array?.first?["x5c"]
        #expect(
            try reasonForIgnoring(changed(good.x509, "x5c", to: foreign))
                == "key is not the one in the certificate of x5c")
    }

    @Test("BUNDLE-22: entries with missing or malformed members are ignored (D-19)")
    func ignoresMalformedKeys() throws {
        let good = try entries()
        let x = try #require(good.jwt["x"]?.string)
        let offCurve = Base64.url.encode([UInt8](repeating: 1, count: 32))
        for value: JSONValue? in [
            nil, .null, 1, "", "*", .string(x + "="), .string(offCurve), .string(String(x.dropLast(2))),
        ] {
            #expect(try reasonForIgnoring(changed(good.jwt, "y", to: value)) != nil)
            #expect(try reasonForIgnoring(changed(good.x509, "x", to: value)) != nil)
        }
        for keyID: JSONValue? in [nil, "", .null, 7] {
            #expect(try reasonForIgnoring(changed(good.jwt, "kid", to: keyID)) != nil)
        }
        let rsa: JSONValue = ["use": "jwt-svid", "kid": "r", "kty": "RSA", "e": "AQAB"]
        for entry in [
            rsa, "text", nil, [], [:], changed(good.jwt, "crv", to: "P-384"), changed(good.jwt, "crv", to: nil),
        ] {
            #expect(try reasonForIgnoring(entry) != nil)
        }
    }

    @Test("BUNDLE-23: two keys of one kid are both kept, the same key once (D-20)")
    func keepsKeysOfOneID() throws {
        let other = try TestJWTKey(keyID: "a")
        let bundle = SPIFFEBundle(
            trustDomain: trustDomain, jwtAuthorities: [key.authority, other.authority, key.authority])
        let document = try BundleDocument(parsing: bundle.document(), trustDomain: trustDomain)
        #expect(document.bundle.jwtAuthorities == [key.authority, other.authority])
        for signer in [key, other] {
            let token = try signer.token(claims: ["sub": "spiffe://example.org/a", "aud": "us", "exp": 1_767_229_200])
            _ = try UnverifiedJWTSVID(token: token).verified(by: document.bundle, audience: ["us"], at: TestTime.now)
        }
        let upper = SPIFFEBundle(
            trustDomain: trustDomain, jwtAuthorities: [JWTAuthority(keyID: "A", publicKey: key.publicKey)])
        let token = try key.token(claims: ["sub": "spiffe://example.org/a", "aud": "us", "exp": 1_767_229_200])
        #expect(throws: SPIFFEError(.invalidJWTSVID, "")) {
            try UnverifiedJWTSVID(token: token).verified(by: upper, audience: ["us"], at: TestTime.now)
        }
    }

    @Test func ignoresMalformedCertificates() throws {
        let good = try entries()
        for value: JSONValue? in [nil, [], .null, "text", [1], ["*"], ["AQ=="]] {
            #expect(try reasonForIgnoring(changed(good.x509, "x5c", to: value)) != nil)
        }
        let text = try #require(good.x509["x5c"]?.array?.first?.string)
        let der = try #require(Base64.standard.decode(text))
        for respelled in [Base64.url.encode(der), text + "\n"] where respelled != text {
            #expect(try reasonForIgnoring(changed(good.x509, "x5c", to: [.string(respelled)])) != nil)
        }
    }

    @Test func refusesDocumentsBeyondTheLimits() {
        let padding = String(repeating: " ", count: SPIFFEBundle.maximumDocumentSize)
        #expect(throws: SPIFFEError(.invalidBundle, "")) { try read(#"{"keys":[]}"# + padding) }
        let deep = String(repeating: "[", count: 100) + String(repeating: "]", count: 100)
        #expect(throws: SPIFFEError(.invalidBundle, "")) { try read(#"{"keys":[],"x":\#(deep)}"#) }
    }

    @Test func describesSomeOfManyIgnoredEntries() throws {
        let document = try read(keys: Array(repeating: [:], count: 1000))
        #expect(document.ignoredEntryCount == 1000)
        #expect(document.ignoredEntries.count == BundleDocument.maximumDescribedEntries)
    }

    @Test func survivesAnyChange() throws {
        var generator = SeededGenerator(seed: 4)
        let original = try fixture("bundle.json")
        for _ in 0..<2000 {
            let bytes = generator.mutate(original)
            guard let bundle = try? SPIFFEBundle(document: bytes, trustDomain: trustDomain) else { continue }
            #expect(
                try SPIFFEBundle(document: bundle.document(), trustDomain: trustDomain).hasSameAuthorities(as: bundle))
        }
    }
}
