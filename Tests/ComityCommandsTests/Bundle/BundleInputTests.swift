// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import SPIFFE
import Testing

@testable import ComityCommands

@Suite struct BundleInputTests {
    private let trusted: SPIFFEBundle
    private let document: [UInt8]
    private let pem: [UInt8]
    private let api: [UInt8]

    init() throws {
        trusted = try TestCA("beta.test").bundle
        document = trusted.document()
        pem = Array(trusted.pem.utf8)
        let certificate = Base64.standard.encode(trusted.x509Authorities[0].derBytes)
        api = Array(#"{"trust_domain": "beta.test", "x509_authorities": [{"asn1": "\#(certificate)"}]}"#.utf8)
    }

    private func read(_ bytes: [UInt8], _ format: String) throws -> BundleInput {
        try BundleInput(bytes, source: "b.pem", format: format, trustDomain: trusted.trustDomain)
    }

    @Test("FED-30: a bundle to begin with is read as SPIFFE document and as PEM")
    func statedFormatsAreReadWithoutAWord() throws {
        for (bytes, format) in [(document, "spiffe"), (document, "SPIFFE"), (pem, "pem"), (pem, "")] {
            let input = try read(bytes, format)
            #expect(input.bundle.hasSameAuthorities(as: trusted))
            #expect(input.warnings.isEmpty)
        }
    }

    @Test("C22: without -format the content decides, with a warning")
    func contentDecidesWithoutFormat() throws {
        let input = try read(document, "")
        #expect(input.bundle.hasSameAuthorities(as: trusted))
        #expect(
            input.warnings == [
                "b.pem is a SPIFFE bundle document (JSON); it is read as that, but -format spiffe should say so"
            ])
    }

    @Test func aFormatIsStatedByTheFlagOfTheCommand() throws {
        let read = {
            try BundleInput(
                document, source: "b", format: $0, formatFlag: "-trustDomainBundleFormat",
                trustDomain: trusted.trustDomain)
        }
        #expect(try read("").warnings.first?.contains("but -trustDomainBundleFormat spiffe should say so") == true)
        let error = #expect(throws: CommandError.self) { try read("pem") }
        #expect(error?.message.hasSuffix(": use -trustDomainBundleFormat spiffe") == true)
    }

    @Test("C7: the layout of the server API is read, with a warning")
    func readsTheLayoutOfTheServerAPI() throws {
        let input = try read(api, "spiffe")
        #expect(input.bundle.hasSameAuthorities(as: trusted))
        #expect(input.warnings.count == 1)
        let other = try TrustDomain("gamma.test")
        #expect(throws: CommandError(.input, "")) {
            try BundleInput(api, source: "b", format: "spiffe", trustDomain: other)
        }
    }

    @Test(
        "S71: a truncated, tampered or wrong-format bundle is refused",
        arguments: [
            "wrong format", "wrong format of a document", "truncated", "tampered", "foreign", "unknown format",
        ])
    func refuses(_ fault: String) {
        var bytes = document
        var format = "spiffe"
        switch fault {
        case "wrong format": bytes = pem
        case "wrong format of a document": format = "pem"
        case "truncated": bytes.removeLast(100)
        case "tampered": (bytes, format) = (Array(pem.dropFirst(40)), "pem")
        case "foreign": bytes = Array("<html></html>".utf8)
        default: format = "der"
        }
        #expect(throws: CommandError(.input, "")) { try read(bytes, format) }
    }

    @Test("C22: upper case in a trust domain is named as the fault")
    func namesUpperCase() {
        let error = #expect(throws: CommandError.self) { try TrustDomain(argument: "spiffe://trustdomainA") }
        #expect(error?.message.contains("lower case only") == true)
        let other = #expect(throws: CommandError.self) { try TrustDomain(argument: "a b") }
        #expect(other?.message.contains("lower case only") == false)
    }
}
