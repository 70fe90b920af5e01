// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import SPIFFE

/// What minting made, in DER.
struct MintedX509SVID {
    var certificates: [Data]
    var privateKey: [UInt8]
    var authorities: [Data]

    var certificatesPEM: String { Self.pem(certificates) }
    var privateKeyPEM: String { PEMBlock(label: "PRIVATE KEY", bytes: privateKey).text }
    var authoritiesPEM: String { Self.pem(authorities) }

    var json: JSONValue {
        .message([
            "x509_svid": .list(certificates, JSONValue.bytes),
            "private_key": .string(Base64.standard.encode(privateKey)),
            "root_cas": .list(authorities, JSONValue.bytes),
        ])
    }

    var text: String {
        "X509-SVID:\n\(certificatesPEM)\nPrivate key:\n\(privateKeyPEM)\nRoot CAs:\n\(authoritiesPEM)\n"
    }

    /// Writes `svid.pem`, `key.pem` and `bundle.pem`, and tells of each.
    ///
    /// - Throws: ``CommandError`` with code `file`.
    func write(to folder: String) throws(CommandError) {
        try OutputFile.write(certificatesPEM, to: "\(folder)/svid.pem", for: .everybody)
        Console.out("X509-SVID written to \(folder)/svid.pem\n")
        try OutputFile.write(privateKeyPEM, to: "\(folder)/key.pem", for: .owner)
        Console.out("Private key written to \(folder)/key.pem\n")
        try OutputFile.write(authoritiesPEM, to: "\(folder)/bundle.pem", for: .everybody)
        Console.out("Root CAs written to \(folder)/bundle.pem\n")
    }

    private static func pem(_ certificates: [Data]) -> String {
        certificates.map { PEMBlock(label: "CERTIFICATE", bytes: [UInt8]($0)).text }.joined()
    }
}
