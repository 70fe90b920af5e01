// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import Crypto
import SPIFFE
import SwiftASN1
import Testing
import X509

@Suite struct X509CredentialTests {
    private let ca: TestCA

    init() throws {
        ca = try TestCA()
    }

    @Test(arguments: [TestKeyType.p256, .p384, .p521, .rsa2048, .ed25519])
    func survivesTheWorkloadAPI(_ keyType: TestKeyType) throws {
        let svid = try ca.intermediate().leaf("/web") { $0.keyType = keyType }
        let credential = try svid.credential(hint: "external")
        let copy = try X509Credential(
            concatenatedDER: credential.concatenatedDER, privateKeyDER: credential.privateKeyDER, hint: "external")
        #expect(copy == credential)
        #expect(copy.id.uri == "spiffe://example.org/web")
        #expect(copy.certificates == svid.certificates)
        #expect(copy.hint == "external")
        #expect(copy.expiresAt == TestTime.future)
        #expect(try copy.derCertificates == svid.derCertificates)
    }

    @Test func privateKeyIsPKCS8() throws {
        for keyType in [TestKeyType.p256, .rsa2048] {
            let der = try ca.leaf { $0.keyType = keyType }.credential().privateKeyDER
            guard case .constructed(let nodes) = try DER.parse(der).content else {
                Issue.record("not a sequence")
                continue
            }
            // Version, algorithm, octets: PKCS#1 and SEC1 have an integer or octets in the second place.
            #expect(Array(nodes).map(\.identifier).prefix(3) == [.integer, .sequence, .octetString])
        }
    }

    @Test func readsPEM() throws {
        let svid = try ca.intermediate().leaf()
        let both = try svid.keyPEM + svid.certificatesPEM
        #expect(try X509Credential(certificatesPEM: both, privateKeyPEM: both) == svid.credential())
        #expect(throws: SPIFFEError(.invalidKey, "")) {
            try X509Credential(certificatesPEM: svid.certificatesPEM, privateKeyPEM: svid.certificatesPEM)
        }
        #expect(throws: SPIFFEError(.invalidKey, "")) {
            try X509Credential(certificatesPEM: svid.certificatesPEM, privateKeyPEM: svid.keyPEM + svid.keyPEM)
        }
        #expect(throws: SPIFFEError(.invalidX509SVID, "")) {
            try X509Credential(certificatesPEM: svid.keyPEM, privateKeyPEM: svid.keyPEM)
        }
    }

    @Test func rejectsAForeignKey() throws {
        var svid = try ca.leaf()
        svid.key = try ca.leaf().key
        let error = #expect(throws: SPIFFEError(.invalidKey, "")) { try svid.credential() }
        #expect(error?.message.hasSuffix("leaf certificate does not match private key") == true)
    }

    @Test(
        "X509-11: an own SVID that breaks a rule is refused on load",
        arguments: [
            CertificateChange("no digitalSignature") { $0.keyUsage = KeyUsage(keyAgreement: true) },
            CertificateChange("no key usage") { $0.keyUsage = nil },
            CertificateChange("keyCertSign") { $0.keyUsage = KeyUsage(digitalSignature: true, keyCertSign: true) },
            CertificateChange("cA") { $0.basicConstraints = .isCertificateAuthority(maxPathLength: nil) },
            CertificateChange("no path") { $0.names = [.uniformResourceIdentifier("spiffe://example.org")] },
            CertificateChange("no ID") { $0.names = [] },
        ])
    func rejectsBadLeaf(_ change: CertificateChange) throws {
        #expect(throws: SPIFFEError(.invalidX509SVID, "")) { try ca.leaf(change: change).credential() }
    }

    @Test func rejectsALeafAmongTheIntermediates() throws {
        var svid = try ca.leaf()
        svid.certificates += try ca.leaf().certificates
        let error = #expect(throws: SPIFFEError.self) { try svid.credential() }
        #expect(error?.message.hasSuffix("signing certificate must have CA flag set to true") == true)
    }

    @Test func rejectsBrokenKeys() throws {
        let svid = try ca.leaf()
        let key = try svid.credential().privateKeyDER
        for broken in [[], Array(key.dropLast()), key + [0], [0x30, 0x00], try svid.derCertificates[0]] {
            #expect(throws: SPIFFEError(.invalidKey, "")) {
                try X509Credential(concatenatedDER: svid.concatenatedDER, privateKeyDER: broken)
            }
        }
    }

    @Test func descriptionHasNoKey() throws {
        let credential = try ca.leaf("/web").credential()
        #expect("\(credential)" == "X509Credential(spiffe://example.org/web, expires 2049-12-31T00:00:00Z)")
    }
}
