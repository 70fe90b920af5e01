// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import SPIFFE
import Testing

@Suite struct X509AuthorityPEMTests {
    @Test func readsWhatItWrote() throws {
        let bundle = SPIFFEBundle(
            trustDomain: try TrustDomain("example.org"),
            x509Authorities: [try X509Authority(TestCA().root), try X509Authority(TestCA(commonName: "Other").root)])
        #expect(try SPIFFEBundle(pem: Array(bundle.pem.utf8), trustDomain: bundle.trustDomain) == bundle)
    }

    @Test func writesWhatOpenSSLWrites() throws {
        let text = try fixture("authority.p384.pem")
        #expect(try Array(X509Authority.parse(pem: text)[0].pem.utf8) == text)
    }

    @Test func countsRepeatedCertificatesOnce() throws {
        let text = try fixture("authority.p384.pem")
        #expect(try X509Authority.parse(pem: text + text).count == 1)
    }

    @Test func refusesWhatIsNoCertificate() throws {
        let certificate = try fixture("authority.p384.pem")
        let key = Array(try TestCA().leaf().keyPEM.utf8)
        for text in [
            [], Array("no PEM".utf8), certificate + key, Array(PEMBlock(label: "CERTIFICATE", bytes: [1]).text.utf8),
        ] {
            #expect(throws: SPIFFEError(.invalidBundle, "")) { try X509Authority.parse(pem: text) }
        }
    }

    @Test(
        "JWT-19: weak keys and signatures are refused (D-10)",
        arguments: ["ecdsa-sha1", "rsa-sha1", "rsa-md5", "rsa-1024"])
    func refusesWeakAuthorities(_ name: String) throws {
        let text = try fixture("authority.invalid.\(name).pem")
        #expect(throws: SPIFFEError(.invalidBundle, "")) { try X509Authority.parse(pem: text) }
    }

    @Test func refusesTextsBeyondTheLimit() {
        let text = [UInt8](repeating: 0x20, count: SPIFFEBundle.maximumDocumentSize + 1)
        #expect(throws: SPIFFEError(.invalidBundle, "")) { try X509Authority.parse(pem: text) }
    }
}
