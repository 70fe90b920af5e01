// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import Crypto
import SPIFFE
import Testing
import X509

/// What we publish (Trust Domain and Bundle §4, X509-SVID §6.1, JWT-SVID §6.1).
@Suite struct BundleDocumentWriterTests {
    private let trustDomain: TrustDomain

    init() throws {
        trustDomain = try TrustDomain("example.org")
    }

    private func keys(_ document: [UInt8]) throws -> [JSONObject] {
        let value = try JSONValue(parsing: document, maximumBytes: 1 << 20)
        return try #require(value["keys"]?.array).compactMap(\.object)
    }

    @Test func writesWhatSPIREWrites() throws {
        let document = try fixture("bundle.json")
        let bundle = try SPIFFEBundle(document: document, trustDomain: trustDomain)
        #expect(bundle.x509Authorities.count == 1)
        #expect(bundle.jwtAuthorities.map(\.keyID) == ["C6vs25welZOx6WksNYfbMfiw9l96pMnD", "a&b"])
        #expect(bundle.sequenceNumber == 7)
        #expect(bundle.refreshHint == 300)
        #expect(String(decoding: bundle.document(), as: UTF8.self) == String(decoding: document, as: UTF8.self))
    }

    @Test(arguments: [(nil, nil), (0, 0), (nil, -5)] as [(UInt64?, Int64?)])
    func leavesOutWhatIsNotSet(sequence: UInt64?, hint: Int64?) {
        let bundle = SPIFFEBundle(trustDomain: trustDomain, sequenceNumber: sequence, refreshHint: hint)
        #expect(String(decoding: bundle.document(), as: UTF8.self) == "{\n    \"keys\": []\n}")
    }

    @Test(
        "BUNDLE-18: an entry is a certificate with its key and nothing else",
        arguments: [
            (TestKeyType.p256, ["use", "kty", "crv", "x", "y", "x5c"]),
            (.p384, ["use", "kty", "crv", "x", "y", "x5c"]),
            (.p521, ["use", "kty", "crv", "x", "y", "x5c"]), (.rsa2048, ["use", "kty", "n", "e", "x5c"]),
            (.ed25519, ["use", "kty", "crv", "x", "x5c"]),
        ])
    func writesCertificateWithItsKey(type: TestKeyType, members: [String]) throws {
        let root = try TestCA(keyType: type).root
        let bundle = SPIFFEBundle(trustDomain: trustDomain, x509Authorities: [try X509Authority(root)])
        let entry = try #require(try keys(bundle.document()).first)
        #expect(entry.names == members)
        let certificates = try #require(entry["x5c"]?.array)
        #expect(certificates.map { $0.string.flatMap(Base64.standard.decode) } == [try root.derBytes])
        #expect(try SPIFFEBundle(document: bundle.document(), trustDomain: trustDomain) == bundle)
    }

    @Test("JWT-22: one entry per signing key, with use and kid")
    func writesOneEntryPerSigningKey() throws {
        let authorities = try [TestJWTKey(.es256, keyID: "a"), TestJWTKey(.rs256, keyID: "b")].map(\.authority)
        let bundle = SPIFFEBundle(trustDomain: trustDomain, jwtAuthorities: authorities)
        let entries = try keys(bundle.document())
        #expect(entries.map { $0["use"] } == ["jwt-svid", "jwt-svid"])
        #expect(entries.map { $0["kid"] } == ["a", "b"])
        #expect(entries.map(\.names) == [["use", "kty", "kid", "crv", "x", "y"], ["use", "kty", "kid", "n", "e"]])
        #expect(try SPIFFEBundle(document: bundle.document(), trustDomain: trustDomain) == bundle)
    }

    @Test("JWT-04, JWT-22: a key that no algorithm of JWT-SVID uses is not published")
    func leavesOutUselessSigningKeys() throws {
        let useless = try [TestKeyType.ed25519, .rsa1024].map {
            JWTAuthority(keyID: "\($0)", publicKey: try $0.makeKey().publicKey)
        }
        let good = try TestJWTKey(.es256, keyID: "a").authority
        let bundle = SPIFFEBundle(
            trustDomain: trustDomain, jwtAuthorities: useless + [good])
        #expect(try keys(bundle.document()).map { $0["kid"] } == ["a"])
        #expect(try keys(bundle.jwtKeySet()).map { $0["kid"] } == ["a"])
    }

    @Test func writesKeysOfTheWorkloadAPIForJWTOnly() throws {
        var bundle = try SPIFFEBundle(document: fixture("bundle.json"), trustDomain: trustDomain)
        let text = bundle.jwtKeySet()
        #expect(try JSONValue(parsing: text, maximumBytes: 1 << 20).object?.names == ["keys"])
        #expect(try keys(text).map { $0["use"] } == ["jwt-svid", "jwt-svid"])
        bundle.x509Authorities = []
        bundle.sequenceNumber = nil
        bundle.refreshHint = nil
        #expect(try SPIFFEBundle(jwtKeySet: text, trustDomain: trustDomain) == bundle)
    }

    @Test func readsKeysOfTheWorkloadAPIWithoutUse() throws {
        var entries = try keys(
            SPIFFEBundle(trustDomain: trustDomain, jwtAuthorities: [TestJWTKey().authority]).document())
        entries[0]["use"] = nil
        var x509 = entries[0]
        x509["use"] = "x509-svid"
        let text: JSONValue = ["keys": .array([.object(entries[0]), .object(x509)]), "spiffe_sequence": "odd"]
        let document = try BundleDocument(parsingJWTKeySet: text.bytes(), trustDomain: trustDomain)
        #expect(document.bundle.jwtAuthorities.count == 1)
        #expect(document.bundle.sequenceNumber == nil)
        #expect(document.ignoredEntries.map(\.index) == [1])
    }
}
