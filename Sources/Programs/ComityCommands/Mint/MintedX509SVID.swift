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
        try write(certificatesPEM, "X509-SVID", to: OutputFile.path("svid.pem", in: folder), .everybody)
        try write(privateKeyPEM, "Private key", to: OutputFile.path("key.pem", in: folder), .owner)
        try write(authoritiesPEM, "Root CAs", to: OutputFile.path("bundle.pem", in: folder), .everybody)
    }

    private func write(
        _ text: String, _ what: String, to path: String, _ readers: OutputFile.Readers
    ) throws(CommandError) {
        try OutputFile.write(text, to: path, for: readers)
        Console.out("\(what) written to \(path)\n")
    }

    private static func pem(_ certificates: [Data]) -> String {
        certificates.map { PEMBlock(label: "CERTIFICATE", bytes: [UInt8]($0)).text }.joined()
    }
}
