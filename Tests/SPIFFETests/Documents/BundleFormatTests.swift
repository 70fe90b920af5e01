// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import SPIFFE
import Testing

@Suite struct BundleFormatTests {
    @Test(arguments: [
        (#"{"keys":[]}"#, BundleFormat.spiffe), ("\n\t {\"keys\": [", .spiffe), ("{}", .spiffe),
        (#"{"trust_domain":"a.test","x509_authorities":[]}"#, .api), (#"{"jwtAuthorities":[]}"#, .api),
        (#"{"keys":[],"x509_authorities":[]}"#, .spiffe), (#"{"x509_authorities":{}}"#, .spiffe),
        ("-----BEGIN CERTIFICATE-----\n", .pem), ("Certificate:\n-----BEGIN CERTIFICATE-----", .pem),
        ("", nil), (" \n", nil), ("hello", nil), ("[]", nil), ("\u{30}\u{2}", nil),
    ])
    func looksAtTheContent(text: String, format: BundleFormat?) {
        #expect(BundleFormat.detect(Array(text.utf8)) == format)
    }

    @Test func readsWhateverItFinds() throws {
        let ca = try TestCA()
        let bundle = try ca.bundle
        let texts: [BundleFormat: [UInt8]] = [.spiffe: bundle.document(), .pem: Array(bundle.pem.utf8)]
        for (format, text) in texts {
            let document = try BundleDocument(parsing: text, format: nil, trustDomain: ca.trustDomain)
            #expect(document.bundle == bundle)
            #expect(document.format == format)
        }
        #expect(throws: SPIFFEError(.invalidBundle, "")) {
            try BundleDocument(parsing: [], format: nil, trustDomain: ca.trustDomain)
        }
    }
}
