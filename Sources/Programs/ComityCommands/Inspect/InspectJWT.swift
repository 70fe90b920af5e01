// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import FoundationEssentials
import SPIFFE

/// `comity inspect jwt`
struct InspectJWT: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "jwt", abstract: "Inspects a JWT-SVID.")

    @OptionGroup var options: InspectOptions
    @OptionGroup var trust: TrustFlags
    @OptionGroup var time: TimeFlags

    @Option(name: .flag("audience"), help: "An audience that is accepted. Can be used more than once.")
    var audience: [String] = []

    func run() throws {
        let date = try time.date()
        guard trust.bundle.isEmpty || !audience.isEmpty else {
            throw CommandError(.input, "a JWT-SVID is valid for an audience only: give -audience beside -bundle")
        }
        let svid: UnverifiedJWTSVID
        do throws(SPIFFEError) {
            svid = try UnverifiedJWTSVID(token: try text())
        } catch {
            return try options.show(Inspection(kind: "JWT-SVID", verdict: .invalid("\(error)")))
        }
        try options.show(
            Inspection(svid, bundle: try trust.bundle(for: svid.id.trustDomain), audience: audience, at: date))
    }

    private func text() throws(SPIFFEError) -> String {
        do {
            return try options.readText()
        } catch {
            throw SPIFFEError(.invalidJWTSVID, error.message)
        }
    }
}

extension Inspection {
    init(_ svid: UnverifiedJWTSVID, bundle: SPIFFEBundle?, audience: [String], at date: Date) {
        self.init(
            kind: "JWT-SVID", verdict: Self.verdict(on: svid, bundle: bundle, audience: audience, at: date))
        add("SPIFFE ID", "spiffe_id", svid.id.uri)
        add("Audience", "audience", svid.audience)
        add("Valid until", "expires_at", svid.expiresAt.formatted(.iso8601))
        if let keyID = svid.keyID { add("Key ID", "key_id", keyID) }
    }

    private static func verdict(
        on svid: UnverifiedJWTSVID, bundle: SPIFFEBundle?, audience: [String], at date: Date
    ) -> Verdict {
        let time = date.formatted(.iso8601)
        guard let bundle else { return .unchecked("no -bundle was given; at \(time) nothing is proven") }
        do {
            let verified = try svid.verified(by: bundle, audience: audience, at: date)
            return .valid("\(verified.id) is vouched for by the bundle of \(bundle.trustDomain) at \(time)")
        } catch {
            return .invalid("\(error) (bundle of \(bundle.trustDomain), at \(time))")
        }
    }
}
