// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityTesting
import ComityWire
import SPIFFE
import ServerAPIProtos
import Testing

@testable import ComityCommands

@Suite struct BundleTextTests {
    private let trusted: SPIFFEBundle
    private let message: Spire_Api_Types_Bundle

    init() throws {
        trusted = try TestCA("beta.test").bundle
        message = try Spire_Api_Types_Bundle(BundleRecord(trusted))
    }

    @Test func pemIsTheCertificatesOnly() throws {
        #expect(try BundleText.bundle(message, format: .pem) == trusted.pem)
    }

    @Test func spiffeIsTheDocumentWithALineBreak() throws {
        let text = try BundleText.bundle(message, format: .spiffe)
        #expect(text == String(decoding: trusted.document(), as: UTF8.self) + "\n")
        #expect(text.hasPrefix("{\n    \"keys\": ["))
    }

    @Test func listHeadsEachBundleAndSeparatesThem() throws {
        let rule = String(repeating: "*", count: 40)
        let one = "\(rule)\n* beta.test\n\(rule)\n\(trusted.pem)"
        #expect(try BundleText.list([message, message], format: .pem) == one + "\n" + one)
        #expect(try BundleText.list([], format: .pem).isEmpty)
    }
}
