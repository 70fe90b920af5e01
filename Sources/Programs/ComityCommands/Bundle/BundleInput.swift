// SPDX-License-Identifier: Apache-2.0

import SPIFFE

/// A bundle that an operator hands over as a text, judged before anything is sent to a server.
struct BundleInput: Hashable, Sendable {
    let bundle: SPIFFEBundle
    /// What was odd but not wrong.
    let warnings: [String]

    /// - Parameters:
    ///   - source: What messages call the text.
    ///   - format: What the operator said that it is; empty when nothing was said, which stands for `pem`.
    /// - Throws: ``CommandError`` with code `input` when the text cannot be what it is said to be, or cannot be trusted whole.
    init(_ bytes: [UInt8], source: String, format: String, trustDomain: TrustDomain) throws(CommandError) {
        let stated = try BundleFormat(argument: format.isEmpty ? "pem" : format)
        let found = BundleFormat.detect(bytes)
        var warnings: [String] = []
        if let found, found != stated {
            guard format.isEmpty || (stated == .spiffe && found == .api) else {
                throw CommandError(
                    .input,
                    "unable to parse bundle: \(source) is not in the format \(stated) but \(Self.name(of: found)): use "
                        + "-format \(found == .pem ? "pem" : "spiffe")")
            }
            warnings.append(
                "\(source) is \(Self.name(of: found)); it is read as that"
                    + (found == .api ? ", but the canonical form has \"keys\"" : ", but -format \(found) should say so")
            )
        }
        let document: BundleDocument
        do {
            document = try BundleDocument(parsing: bytes, format: found ?? stated, trustDomain: trustDomain)
        } catch {
            throw CommandError(.input, "unable to parse bundle of \(source)", cause: error)
        }
        warnings += document.ignoredEntries.map { "entry \($0.index) of \(source) is ignored: \($0.reason)" }
        bundle = document.bundle
        self.warnings = warnings
    }

    private static func name(of format: BundleFormat) -> String {
        switch format {
        case .pem: "PEM certificates"
        case .api: "JSON in the layout of the server API (\"x509_authorities\")"
        default: "a SPIFFE bundle document (JSON)"
        }
    }
}
