// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import SPIFFE
import Testing

@Suite struct CertificateChainEncodingTests {
    private let svid: TestSVID

    init() throws {
        svid = try TestCA().intermediate().leaf("/web")
    }

    @Test func readsEveryEncoding() throws {
        let expected = svid.certificates
        #expect(try UnverifiedX509SVID(derCertificates: svid.derCertificates).certificates == expected)
        #expect(try UnverifiedX509SVID(concatenatedDER: svid.concatenatedDER).certificates == expected)
        #expect(try UnverifiedX509SVID(pem: svid.certificatesPEM).certificates == expected)
        #expect(try UnverifiedX509SVID(certificates: expected).claimedID.uri == "spiffe://example.org/web")
    }

    @Test("X509-28: nothing may stand before, between or after the certificates")
    func rejectsLooseBytes() throws {
        let blobs = try svid.derCertificates
        let whole = blobs[0] + blobs[1]
        let malformed: [[UInt8]] = [
            [], [0] + whole, blobs[0] + [0] + blobs[1], whole + [0], whole + [0x30], whole + [0x30, 0x82, 0xFF],
            Array(whole.dropLast()), [0x30, 0x80] + whole, [0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF] + whole,
            [0x30, 0x88, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF] + whole, [0x31] + whole.dropFirst(),
        ]
        for bytes in malformed {
            #expect(throws: SPIFFEError(.invalidX509SVID, "")) { try UnverifiedX509SVID(concatenatedDER: bytes) }
        }
    }

    @Test func rejectsMoreThanSixteenCertificates() throws {
        let der = try svid.derCertificates[0]
        let seventeen = Array(repeating: der, count: 17)
        #expect(throws: SPIFFEError(.invalidX509SVID, "")) { try UnverifiedX509SVID(derCertificates: seventeen) }
        #expect(throws: SPIFFEError(.invalidX509SVID, "")) {
            try UnverifiedX509SVID(concatenatedDER: seventeen.flatMap { $0 })
        }
        #expect(try UnverifiedX509SVID(derCertificates: seventeen.dropLast()).certificates.count == 16)
    }

    @Test func rejectsOversizedChains() throws {
        let huge = try svid.concatenatedDER + Array(repeating: 0x30, count: 1 << 20)
        #expect(throws: SPIFFEError(.invalidX509SVID, "")) { try UnverifiedX509SVID(concatenatedDER: huge) }
        #expect(throws: SPIFFEError(.invalidX509SVID, "")) { try UnverifiedX509SVID(derCertificates: [huge]) }
        let text = String(repeating: "x", count: 3 << 20)
        #expect(throws: SPIFFEError(.invalidX509SVID, "")) { try UnverifiedX509SVID(pem: text) }
    }

    @Test("SVID-06: input that is not a SPIFFE document", arguments: ["", "x", "eyJhbGciOiJub25lIn0.e30."])
    func rejectsOtherDocuments(_ text: String) {
        #expect(throws: SPIFFEError(.invalidX509SVID, "")) { try UnverifiedX509SVID(pem: text) }
        #expect(throws: SPIFFEError(.invalidX509SVID, "")) { try UnverifiedX509SVID(concatenatedDER: Array(text.utf8)) }
    }
}
