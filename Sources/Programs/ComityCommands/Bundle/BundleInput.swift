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
    ///   - formatFlag: What messages call the place where that is said.
    /// - Throws: ``CommandError`` with code `input` when the text cannot be what it is said to be, or cannot be trusted whole.
    init(
        _ bytes: [UInt8], source: String, format: String, formatFlag: String = "-format", trustDomain: TrustDomain
    ) throws(CommandError) {
        let stated = try BundleFormat(argument: format.isEmpty ? "pem" : format)
        let found = BundleFormat.detect(bytes)
        var warnings: [String] = []
        if let found, found != stated {
            guard format.isEmpty || (stated == .spiffe && found == .api) else {
                throw CommandError(
                    .input,
                    "unable to parse bundle: \(source) is not in the format \(stated) but \(Self.name(of: found)): use "
                        + "\(formatFlag) \(found == .pem ? "pem" : "spiffe")")
            }
            warnings.append(
                "\(source) is \(Self.name(of: found)); it is read as that"
                    + (found == .api
                        ? ", but the canonical form has \"keys\"" : ", but \(formatFlag) \(found) should say so")
            )
        }
        let document: BundleDocument
        do {
            document = try BundleDocument(parsing: bytes, format: found ?? stated, trustDomain: trustDomain)
        } catch {
            throw CommandError(.input, "unable to parse bundle of \(source)", cause: error)
        }
        try Self.requireUsable(document, source: source)
        warnings += document.ignoredEntries.map { "entry \($0.index) of \(source) is ignored: \($0.reason)" }
        bundle = document.bundle
        self.warnings = warnings
    }

    /// A consumer ignores what it cannot read, but a text without one usable key of a kind that it has is damaged: storing it
    /// would end the trust that an operator means to give.
    private static func requireUsable(_ document: BundleDocument, source: String) throws(CommandError) {
        let kinds = [
            ("x509-svid", document.bundle.x509Authorities.isEmpty),
            ("jwt-svid", document.bundle.jwtAuthorities.isEmpty),
        ]
        for (use, isMissing) in kinds where isMissing {
            guard let entry = document.ignoredEntries.first(where: { $0.use == use }) else { continue }
            throw CommandError(
                .input,
                "unable to parse bundle of \(source): no key with use \"\(use)\" can be used; entry \(entry.index): "
                    + entry.reason)
        }
    }

    private static func name(of format: BundleFormat) -> String {
        switch format {
        case .pem: "PEM certificates"
        case .api: "JSON in the layout of the server API (\"x509_authorities\")"
        default: "a SPIFFE bundle document (JSON)"
        }
    }
}
