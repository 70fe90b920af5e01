// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import Crypto
import FoundationEssentials
import SPIFFE
import Testing
import X509
import _CryptoExtras

/// X.509 authorities in the bundle document (X509-SVID §6), read with a parser that is not ours.
@Suite struct X509BundleTests {
    private struct Document: Codable {
        struct Key: Codable {
            var use: String?
            var kid: String?
            var kty: String?
            var crv: String?
            var x: String?
            var y: String?
            var n: String?
            var e: String?
            var x5c: [String]?
        }

        var keys: [Key]
    }

    private let trustDomain: TrustDomain
    private let roots: [TestCA]

    init() throws {
        trustDomain = try TrustDomain("example.org")
        roots = [try TestCA(), try TestCA(keyType: .rsa2048)]
    }

    @Test("X509-39, X509-40: one entry per CA certificate, with its use and without kid")
    func publishesOneEntryPerAuthority() throws {
        let keys = try published().keys
        #expect(keys.count == 2)
        #expect(keys.allSatisfy { $0.use == "x509-svid" && $0.kid == nil })
        let text = String(decoding: try bundle().document(), as: UTF8.self)
        #expect(!text.contains("\"kid\""))
    }

    @Test("X509-41: x5c has the certificate, the key members are its key")
    func publishesCertificateAndKey() throws {
        let keys = try published().keys
        for (key, root) in zip(keys, roots) {
            let x5c = try #require(key.x5c)
            #expect(x5c.count == 1)
            #expect(try Data(base64Encoded: x5c[0]).map(Array.init) == root.root.derBytes)
        }
        let point = try #require(P256.Signing.PublicKey(roots[0].root.publicKey)).rawRepresentation
        #expect(keys[0].kty == "EC")
        #expect(keys[0].crv == "P-256")
        #expect(keys[0].x == base64URL(point.prefix(32)))
        #expect(keys[0].y == base64URL(point.suffix(32)))
        let numbers = try #require(_RSA.Signing.PublicKey(roots[1].root.publicKey)).getKeyPrimitives()
        #expect(keys[1].kty == "RSA")
        #expect(keys[1].n == base64URL(numbers.modulus))
        #expect(keys[1].e == base64URL(numbers.publicExponent))
    }

    @Test("X509-43: an entry without x5c, or with an empty one, is ignored", arguments: [nil, []] as [[String]?])
    func ignoresEntriesWithoutCertificate(_ x5c: [String]?) throws {
        var document = try published()
        document.keys[0].x5c = x5c
        let bundle = try read(document)
        #expect(bundle.x509Authorities == [try X509Authority(roots[1].root)])
        try roots[1].leaf().verified(by: BundleSet([bundle]))
        #expect(throws: SPIFFEError(.invalidX509SVID, "")) { try roots[0].leaf().verified(by: BundleSet([bundle])) }
    }

    @Test("X509-44: of several x5c values all but the first are ignored")
    func readsTheFirstCertificate() throws {
        var document = try published()
        let second = try #require(document.keys.removeLast().x5c)
        document.keys[0].x5c?.append(contentsOf: second)
        let bundles = BundleSet([try read(document)])
        #expect(bundles[trustDomain]?.x509Authorities == [try X509Authority(roots[0].root)])
        try roots[0].leaf().verified(by: bundles)
        #expect(throws: SPIFFEError(.invalidX509SVID, "")) { try roots[1].leaf().verified(by: bundles) }
    }

    @Test("X509-45: the CA bundle is the union over the entries")
    func readsTheUnion() throws {
        let bundles = BundleSet([try read(published())])
        for root in roots { try root.leaf().verified(by: bundles) }
    }

    @Test("X509-45: without X.509 entries the trust domain does not support X509-SVID")
    func rejectsWithoutAuthorities() throws {
        let authority = JWTAuthority(keyID: "a", publicKey: roots[0].root.publicKey)
        let document = SPIFFEBundle(trustDomain: trustDomain, jwtAuthorities: [authority]).document()
        let bundle = try SPIFFEBundle(document: document, trustDomain: trustDomain)
        #expect(bundle.jwtAuthorities == [authority])
        #expect(throws: SPIFFEError(.invalidX509SVID, "")) { try roots[0].leaf().verified(by: BundleSet([bundle])) }
    }

    private func bundle() throws -> SPIFFEBundle {
        SPIFFEBundle(trustDomain: trustDomain, x509Authorities: try roots.map { try X509Authority($0.root) })
    }

    private func published() throws -> Document {
        try JSONDecoder().decode(Document.self, from: Data(try bundle().document()))
    }

    private func read(_ document: Document) throws -> SPIFFEBundle {
        try SPIFFEBundle(document: Array(try JSONEncoder().encode(document)), trustDomain: trustDomain)
    }

    private func base64URL(_ bytes: some Sequence<UInt8>) -> String {
        let text = Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
        return String(text.prefix { $0 != "=" })
    }
}
