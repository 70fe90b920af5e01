// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import ComityTesting
import Crypto
import SwiftASN1
import Testing
import X509
import _CryptoExtras

@Suite struct VerifiedCertificateRequestTests {
    private static func request(
        _ key: Certificate.PrivateKey, _ algorithm: Certificate.SignatureAlgorithm,
        names: [GeneralName] = [.uniformResourceIdentifier("spiffe://example.org/a"), .dnsName("a.b")]
    ) throws -> [UInt8] {
        try CertificateSigningRequest(
            version: .v1, subject: DistinguishedName { CommonName("who") }, privateKey: key,
            attributes: .init([
                .init(ExtensionRequest(extensions: try .init { SubjectAlternativeNames(names) }))
            ]), signatureAlgorithm: algorithm
        ).derBytes
    }

    @Test func readsKeyAndNames() throws {
        let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let request = try VerifiedCertificateRequest(derBytes: try Self.request(key, .ecdsaWithSHA256))
        #expect(request.publicKey == key.publicKey)
        #expect(request.uris == ["spiffe://example.org/a"])
        #expect(request.dnsNames == ["a.b"])
        #expect(try request.subject == DistinguishedName { CommonName("who") })
    }

    @Test func readsRequestWithoutAttributes() throws {
        let key = Certificate.PrivateKey(P384.Signing.PrivateKey())
        let der = try CertificateSigningRequest(
            version: .v1, subject: DistinguishedName(), privateKey: key, attributes: .init(),
            signatureAlgorithm: .ecdsaWithSHA384
        ).derBytes
        let request = try VerifiedCertificateRequest(derBytes: der)
        #expect(request.publicKey == key.publicKey)
        #expect(request.uris.isEmpty)
    }

    @Test func acceptsSupportedKeys() throws {
        let rsa = Certificate.PrivateKey(try _RSA.Signing.PrivateKey(keySize: .bits2048))
        let keys: [(Certificate.PrivateKey, Certificate.SignatureAlgorithm)] = [
            (.init(P256.Signing.PrivateKey()), .ecdsaWithSHA256), (.init(P384.Signing.PrivateKey()), .ecdsaWithSHA384),
            (.init(P521.Signing.PrivateKey()), .ecdsaWithSHA512), (rsa, .sha256WithRSAEncryption),
            (.init(Curve25519.Signing.PrivateKey()), .ed25519),
        ]
        for (key, algorithm) in keys {
            let request = try VerifiedCertificateRequest(derBytes: try Self.request(key, algorithm))
            #expect(request.publicKey == key.publicKey)
        }
    }

    @Test func refusesWeakRSAKey() throws {
        let key = Certificate.PrivateKey(try _RSA.Signing.PrivateKey(unsafeKeySize: .init(bitCount: 1024)))
        let der = try Self.request(key, .sha256WithRSAEncryption)
        let error = #expect(throws: AuthorityError.self) { try VerifiedCertificateRequest(derBytes: der) }
        #expect(error?.code == .invalidKey)
        #expect(error?.message == "RSA key has 1024 bits; use 2048 to 8192")
    }

    @Test func refusesUnsupportedCurve() throws {
        let secp256k1: [UInt8] = [0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x0a]
        let p256: [UInt8] = [0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07]
        // The curve is looked at before lengths matter, so an OID of the same length stands in for one of another.
        let other = Array(p256.dropLast()) + [0x01]
        #expect(secp256k1.count != p256.count)
        let der = try Self.request(.init(P256.Signing.PrivateKey()), .ecdsaWithSHA256)
        let place = try #require(der.firstRange(of: p256))
        #expect(throws: AuthorityError(.invalidKey, "")) {
            try VerifiedCertificateRequest(derBytes: der[..<place.lowerBound] + other + der[place.upperBound...])
        }
    }

    @Test func refusesSignatureOfAnotherKey() throws {
        var der = try Self.request(.init(P256.Signing.PrivateKey()), .ecdsaWithSHA256)
        let place = try #require(der.firstRange(of: Array("example.org/a".utf8)))
        der[place.upperBound - 1] = UInt8(ascii: "b")
        #expect(throws: AuthorityError(.invalidRequestSignature, "")) {
            try VerifiedCertificateRequest(derBytes: der)
        }
    }

    @Test func refusesEveryTruncation() throws {
        let der = try Self.request(.init(P256.Signing.PrivateKey()), .ecdsaWithSHA256)
        for length in 0..<der.count {
            #expect(throws: AuthorityError(.invalidRequest, "")) {
                try VerifiedCertificateRequest(derBytes: Array(der[..<length]))
            }
        }
        #expect(throws: AuthorityError(.invalidRequest, "")) { try VerifiedCertificateRequest(derBytes: der + [0]) }
    }

    @Test func refusesOversizedRequest() throws {
        let der = [UInt8](repeating: 0x30, count: VerifiedCertificateRequest.maximumSize + 1)
        #expect(throws: AuthorityError(.invalidRequest, "")) { try VerifiedCertificateRequest(derBytes: der) }
    }

    @Test func survivesAnyChangedByte() throws {
        let der = try Self.request(.init(P256.Signing.PrivateKey()), .ecdsaWithSHA256)
        for index in der.indices {
            var altered = der
            altered[index] ^= 0x55
            #expect(throws: AuthorityError.self) { try VerifiedCertificateRequest(derBytes: altered) }
        }
    }
}

extension CertificateSigningRequest {
    var derBytes: [UInt8] {
        get throws {
            var serializer = DER.Serializer()
            try serializer.serialize(self)
            return serializer.serializedBytes
        }
    }
}
