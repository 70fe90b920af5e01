// SPDX-License-Identifier: Apache-2.0

public import X509

/// A certificate chain as a peer presented it: well formed, but nothing in it is proven.
///
/// ```swift
/// let presented = try UnverifiedX509SVID(derCertificates: peerCertificates)
/// let svid = try presented.verified(by: bundles, at: .now, role: .client)
/// try Authorizer.member(of: trustDomain).authorize(svid.id)
/// ```
public struct UnverifiedX509SVID: Sendable {
    /// Leaf first; the rest is an unordered pool of possible intermediates (decision D-17).
    public let certificates: [Certificate]

    /// The ID that the leaf claims: good for choosing a bundle and for messages, never for a decision.
    public let claimedID: SPIFFEID

    let leaf: PathCertificate

    /// Takes certificates that are decoded already.
    ///
    /// - Parameter certificates: Leaf first, then intermediates in any order; at most
    ///   ``PathLimits/maximumPresentedCertificates``.
    /// - Throws: ``SPIFFEError`` with code `invalidX509SVID` when there are none or too many, or when the leaf does
    ///   not carry exactly one SPIFFE ID with a path.
    public init(certificates: [Certificate]) throws(SPIFFEError) {
        guard let first = certificates.first else {
            throw SPIFFEError(.invalidX509SVID, "empty certificates chain")
        }
        guard certificates.count <= PathLimits.maximumPresentedCertificates else {
            throw SPIFFEError(
                .invalidX509SVID,
                "chain has \(certificates.count) certificates, at most \(PathLimits.maximumPresentedCertificates) "
                    + "are accepted")
        }
        do throws(PathFailure) {
            leaf = try PathCertificate(first, label: "leaf certificate")
        } catch {
            throw SPIFFEError(.invalidX509SVID, error.message)
        }
        claimedID = try X509LeafRules.id(of: leaf)
        self.certificates = certificates
    }
}
