// SPDX-License-Identifier: Apache-2.0

import SPIFFE
import X509

/// X509-SVIDs of the Workload API as files: `svid.0.pem`, `svid.0.key`, `bundle.0.pem`, `federated_bundle.0.0.pem`.
struct X509SVIDFiles {
    let folder: String

    /// Writes each SVID and tells of each file.
    func write(_ svids: [FetchedX509SVID], federated: [(name: String, certificates: [Certificate])]) throws {
        for (index, svid) in svids.enumerated() {
            let key = PEMBlock(label: "PRIVATE KEY", bytes: try svid.credential.privateKeyDER).text
            try write(try Self.pem(svid.credential.certificates), "SVID #\(index)", to: "svid.\(index).pem", .everybody)
            try write(key, "key #\(index)", to: "svid.\(index).key", .owner)
            try write(try Self.pem(svid.bundle), "bundle #\(index)", to: "bundle.\(index).pem", .everybody)
            for (position, bundle) in federated.enumerated() {
                try write(
                    try Self.pem(bundle.certificates),
                    "federated bundle #\(position) for trust domain \(bundle.name)",
                    to: "federated_bundle.\(index).\(position).pem", .everybody)
            }
        }
    }

    private func write(_ text: String, _ what: String, to name: String, _ readers: OutputFile.Readers) throws {
        let path = OutputFile.path(name, in: folder)
        Console.out("Writing \(what) to file \(path).\n")
        try OutputFile.write(text, to: path, for: readers)
    }

    private static func pem(_ certificates: [Certificate]) throws -> String {
        try certificates.map {
            PEMBlock(label: "CERTIFICATE", bytes: try CertificateChainEncoding.der(of: $0)).text
        }.joined()
    }
}
