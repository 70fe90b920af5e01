// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import FoundationEssentials
import SPIFFE
import X509

/// `comity inspect bundle`
struct InspectBundle: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bundle", abstract: "Inspects a trust bundle: PEM, SPIFFE document or bundle map.")

    @OptionGroup var options: InspectOptions
    @OptionGroup var time: TimeFlags

    @Option(name: .flag("trustDomain"), help: "Whose bundle it is; documents do not say.")
    var trustDomain = ""

    func run() throws {
        let date = try time.date()
        let owner = trustDomain.isEmpty ? nil : try TrustDomain(argument: trustDomain)
        let bytes = try options.read()
        try options.show(
            BundleMapDocument.recognises(bytes)
                ? Inspection(bundleMap: bytes, at: date) : Inspection(bundle: bytes, of: owner, at: date))
    }
}

extension Inspection {
    /// - Parameter trustDomain: `nil` when nobody said whose bundle it is.
    init(bundle bytes: [UInt8], of trustDomain: TrustDomain?, at date: Date) {
        let document: BundleDocument
        do throws(SPIFFEError) {
            let unnamed = try TrustDomain("unnamed")
            document = try BundleDocument(
                parsing: bytes, format: nil,
                trustDomain: trustDomain ?? BundleFile.trustDomain(namedIn: bytes) ?? unnamed)
        } catch {
            self.init(kind: "Bundle", verdict: .invalid("\(error)"))
            return
        }
        let bundle = document.bundle
        self.init(kind: "Bundle", verdict: Self.verdict(on: bundle, at: date))
        add("Format", "format", document.format.description)
        if trustDomain != nil || document.format == .api {
            add("Trust domain", "trust_domain", bundle.trustDomain.name)
        }
        if let number = bundle.sequenceNumber { add("Sequence number", "sequence_number", "\(number)") }
        if let hint = bundle.refreshHint { add("Refresh hint", "refresh_hint", "\(hint)") }
        add("X.509 authority", "x509_authorities", bundle.x509Authorities.map { Self.text(of: $0.certificate) })
        add("SHA-256 of X.509", "x509_fingerprints", bundle.x509Authorities.map(\.fingerprint))
        add("JWT authority", "jwt_authorities", bundle.jwtAuthorities.map(\.keyID))
        add("Ignored entry", "ignored_entries", document.ignoredEntries.map { "entry \($0.index): \($0.reason)" })
    }

    private static func text(of certificate: Certificate) -> String {
        let start = certificate.notValidBefore.formatted(.iso8601)
        return "\(certificate.subject), valid from \(start) until \(certificate.notValidAfter.formatted(.iso8601))"
    }

    static func verdict(on bundle: SPIFFEBundle, at date: Date) -> Verdict {
        let time = date.formatted(.iso8601)
        guard !bundle.x509Authorities.isEmpty || !bundle.jwtAuthorities.isEmpty else {
            return .invalid("it has no authorities: nothing can be verified by it")
        }
        let current = bundle.x509Authorities.filter {
            $0.certificate.notValidBefore <= date && date <= $0.certificate.notValidAfter
        }
        guard bundle.x509Authorities.isEmpty || !current.isEmpty else {
            return .invalid("none of its X.509 authorities is valid at \(time)")
        }
        return .valid(
            "\(current.count) of \(bundle.x509Authorities.count) X.509 authorities are valid at \(time), and it has "
                + "\(bundle.jwtAuthorities.count) JWT authorities")
    }
}
