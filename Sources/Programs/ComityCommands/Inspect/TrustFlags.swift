// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import FoundationEssentials
import SPIFFE

/// What an SVID is checked by.
struct TrustFlags: ParsableArguments {
    @Option(name: .flag("bundle"), help: "The bundle to check by: a file, PEM or SPIFFE document.")
    var bundle = ""

    @Option(name: .flag("trustDomain"), help: "Whose bundle that is; the SVID's own trust domain when left out.")
    var trustDomain = ""

    /// - Parameter claimed: The trust domain that the SVID says it is of.
    /// - Returns: `nil` without a bundle.
    /// - Throws: ``CommandError`` with code `file` or `input`.
    func bundle(for claimed: TrustDomain) throws(CommandError) -> SPIFFEBundle? {
        guard !bundle.isEmpty else { return nil }
        let owner = trustDomain.isEmpty ? claimed : try TrustDomain(argument: trustDomain)
        let bytes = try InputFile.read(bundle)
        do {
            return try BundleDocument(parsing: bytes, format: nil, trustDomain: owner).bundle
        } catch {
            throw CommandError(.input, "unable to parse bundle of \(bundle)", cause: error)
        }
    }
}
