// SPDX-License-Identifier: Apache-2.0

public import FoundationEssentials
import X509

extension UnverifiedX509SVID {
    /// Validates the chain against the bundle of the leaf's own trust domain (X509-SVID §5).
    ///
    /// Other bundles of the set are never looked at. The work is bounded by `limits` for any input.
    ///
    /// - Parameters:
    ///   - bundles: Where the bundle of the leaf's trust domain is looked up.
    ///   - date: The time at which every certificate of the path has to be valid, without leeway.
    ///   - role: In TLS the role of the peer, else `.any`.
    ///   - limits: Bounds on the search for a path.
    /// - Throws: ``SPIFFEError`` with code `invalidX509SVID`, or `noBundle` when the trust domain is not known.
    public func verified(
        by bundles: BundleSet, at date: Date, role: X509SVID.Role = .any, limits: PathLimits = PathLimits()
    ) throws(SPIFFEError) -> X509SVID {
        do throws(PathFailure) {
            try X509LeafRules.check(leaf, role: role)
        } catch {
            throw SPIFFEError(.invalidX509SVID, error.message)
        }
        guard let bundle = bundles[claimedID.trustDomain] else {
            throw SPIFFEError(
                .noBundle,
                "could not get X509 bundle: no X.509 bundle for trust domain \"\(claimedID.trustDomain)\"")
        }
        var builder = pathBuilder(bundle: bundle, at: date, limits: limits)
        do throws(PathFailure) {
            try checkLeafIsNoAuthority(of: bundle)
            try leaf.checkBasics(at: date)
            return svid(from: try builder.build())
        } catch {
            throw SPIFFEError(.invalidX509SVID, "could not verify leaf certificate: \(error.message)")
        }
    }

    func pathBuilder(bundle: SPIFFEBundle, at date: Date, limits: PathLimits) -> PathBuilder {
        PathBuilder(
            leaf: leaf, presented: certificates.dropFirst(), authorities: bundle.x509Authorities, at: date,
            limits: limits)
    }

    /// Trusting a leaf by putting it into the bundle would leave it without an issuer to vouch for it.
    private func checkLeafIsNoAuthority(of bundle: SPIFFEBundle) throws(PathFailure) {
        guard !bundle.x509Authorities.contains(where: { $0.certificate == leaf.certificate }) else {
            throw PathFailure(.unfitCertificate, "leaf certificate is itself an authority of the bundle")
        }
    }

    private func svid(from path: [PathCertificate]) -> X509SVID {
        X509SVID(
            id: claimedID,
            leaf: leaf.certificate,
            intermediates: path.dropFirst().dropLast().map(\.certificate),
            authority: path[path.count - 1].certificate)
    }
}
