// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityWire
import SPIFFE
import ServerAPIProtos

/// Bundles for people and files.
enum BundleText {
    private static let rule = String(repeating: "*", count: 40)

    static func bundle(_ bundle: Spire_Api_Types_Bundle, format: BundleFormat) throws -> String {
        guard format == .spiffe else {
            // As the server sent it, even where our own rules for authorities are stricter.
            return bundle.x509Authorities.map { PEMBlock(label: "CERTIFICATE", bytes: [UInt8]($0.asn1)).text }.joined()
        }
        let record = try BundleRecord(received: bundle)
        return String(decoding: record.bundle.document(), as: UTF8.self) + "\n"
    }

    static func list(_ bundles: [Spire_Api_Types_Bundle], format: BundleFormat) throws -> String {
        try bundles.map { "\(rule)\n* \($0.trustDomain)\n\(rule)\n\(try bundle($0, format: format))" }
            .joined(separator: "\n")
    }
}
