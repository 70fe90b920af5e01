// SPDX-License-Identifier: Apache-2.0

import ComityBundleEndpoint
import FoundationEssentials
import SPIFFE

/// What an unknown endpoint tells of itself, held against itself: a chain and a bundle that belong together.
struct PartnerIntroduction: Sendable {
    let endpointID: SPIFFEID
    let bundle: SPIFFEBundle
    /// What was odd but not wrong.
    let warnings: [String]

    /// - Parameters:
    ///   - trustDomain: What the operator said that it is.
    ///   - expected: The ID that the operator expects.
    /// - Throws: ``CommandError`` when the endpoint contradicts the operator or itself.
    init(
        _ contact: FirstContact, trustDomain: TrustDomain?, endpointID expected: SPIFFEID?, at now: Date
    ) throws(CommandError) {
        let presented: UnverifiedX509SVID
        do {
            presented = try UnverifiedX509SVID(derCertificates: contact.certificates)
        } catch {
            throw CommandError(
                .answer, "the endpoint presents no X.509-SVID", cause: error,
                cure: "if a public authority certifies it, use -bundleEndpointProfile https_web")
        }
        endpointID = presented.claimedID
        guard expected == nil || expected == endpointID else {
            throw CommandError(.answer, "the endpoint presents \(endpointID), not \(expected?.uri ?? "")")
        }
        let input = try BundleInput(
            contact.document, source: "the endpoint", format: "spiffe",
            trustDomain: trustDomain ?? endpointID.trustDomain)
        bundle = input.bundle
        guard endpointID.trustDomain == bundle.trustDomain else {
            warnings =
                input.warnings + [
                    "the endpoint proves itself by \(endpointID.trustDomain): servers fetch from it only after they have "
                        + "the bundle of \(endpointID.trustDomain)"
                ]
            return
        }
        warnings = input.warnings
        do {
            _ = try presented.verified(by: BundleSet([bundle]), at: now, role: .server)
        } catch {
            throw CommandError(
                .answer, "the endpoint's own certificate is not of the bundle that it serves", cause: error,
                cure: "is \(bundle.trustDomain) its trust domain? -trustDomain says another")
        }
    }
}
