// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import FoundationEssentials
import SPIFFE
import X509

/// `comity inspect x509`
struct InspectX509: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "x509", abstract: "Inspects an X509-SVID: PEM or DER, leaf first.")

    @OptionGroup var options: InspectOptions
    @OptionGroup var trust: TrustFlags
    @OptionGroup var time: TimeFlags

    func run() throws {
        let date = try time.date()
        let bytes = try options.read()
        let svid: UnverifiedX509SVID
        do {
            svid = try Self.parse(bytes)
        } catch {
            return try options.show(Inspection(kind: "X509-SVID", verdict: .invalid("\(error)")))
        }
        try options.show(Inspection(svid, bundle: try trust.bundle(for: svid.claimedID.trustDomain), at: date))
    }

    private static func parse(_ bytes: [UInt8]) throws(SPIFFEError) -> UnverifiedX509SVID {
        guard PEMBlock.isPresent(in: bytes) else { return try UnverifiedX509SVID(concatenatedDER: bytes) }
        return try UnverifiedX509SVID(pem: String(decoding: bytes, as: UTF8.self))
    }
}

extension Inspection {
    init(_ svid: UnverifiedX509SVID, bundle: SPIFFEBundle?, at date: Date) {
        self.init(kind: "X509-SVID", verdict: Self.verdict(on: svid, bundle: bundle, at: date))
        add("SPIFFE ID", "spiffe_id", svid.claimedID.uri)
        guard let leaf = svid.certificates.first else { return }
        add("Valid after", "not_before", leaf.notValidBefore.formatted(.iso8601))
        add("Valid until", "not_after", leaf.notValidAfter.formatted(.iso8601))
        add("Serial number", "serial_number", Self.hexadecimal(leaf.serialNumber.bytes))
        add("Subject", "subject", leaf.subject.description)
        add("Issuer", "issuer", leaf.issuer.description)
        add("Certificates", "certificates", "\(svid.certificates.count)")
    }

    /// As OpenSSL writes it, two digits a byte.
    private static func hexadecimal(_ bytes: ArraySlice<UInt8>) -> String {
        bytes.map { ($0 < 0x10 ? "0" : "") + String($0, radix: 16) }.joined(separator: ":")
    }

    private static func verdict(on svid: UnverifiedX509SVID, bundle: SPIFFEBundle?, at date: Date) -> Verdict {
        let time = date.formatted(.iso8601)
        guard let bundle else {
            return .unchecked("no -bundle was given; at \(time) nothing is proven")
        }
        do {
            let verified = try svid.verified(by: BundleSet([bundle]), at: date)
            return .valid("\(verified.id) is vouched for by the bundle of \(bundle.trustDomain) at \(time)")
        } catch {
            return .invalid("\(error) (bundle of \(bundle.trustDomain), at \(time))")
        }
    }
}
