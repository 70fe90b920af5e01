// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import SPIFFE
package import X509

/// A CA as it came from above. What it is good for says ``verified(publicKey:trustDomain:now:)``.
package struct UnverifiedCAChain: Hashable, Sendable {
    /// The CA, then those above it up to but without the root.
    package var certificates: [X509Authority]
    package var roots: [X509Authority]

    package init(certificates: [X509Authority], roots: [X509Authority]) {
        self.certificates = certificates
        self.roots = roots
    }

    /// Makes sure that the CA is one for this key and this trust domain, and that the roots verify it.
    package func verified(
        publicKey: Certificate.PublicKey, trustDomain: TrustDomain, now: Date
    ) throws(AuthorityError) -> CAChain {
        guard let ca = certificates.first else { throw Self.refused("it has no certificate") }
        guard ca.certificate.publicKey == publicKey else { throw Self.refused("it is for another key") }
        let names = try? ca.certificate.extensions.subjectAlternativeNames
        guard names?.contains(.uniformResourceIdentifier(trustDomain.id.uri)) == true else {
            throw Self.refused("it does not have the URI SAN \(trustDomain.id)")
        }
        for certificate in certificates.map(\.certificate) {
            guard case .isCertificateAuthority? = try? certificate.extensions.basicConstraints else {
                throw Self.refused("\(certificate.subject) is not a CA")
            }
            guard certificate.notValidBefore <= now, now < certificate.notValidAfter else {
                throw Self.refused("\(certificate.subject) is not valid now")
            }
        }
        for (lower, upper) in zip(certificates, certificates.dropFirst()) {
            guard lower.isSigned(by: upper) else {
                throw Self.refused("\(lower.certificate.subject) is not signed by the next in the chain")
            }
        }
        guard let top = certificates.last, roots.contains(where: { top.isSigned(by: $0) }) else {
            throw Self.refused("none of the roots signed it")
        }
        return CAChain(certificate: ca, intermediates: certificates.map(\.derBytes), roots: roots)
    }

    private static func refused(_ why: String) -> AuthorityError {
        AuthorityError(.upstream, "X.509 CA from the upstream authority cannot be used: \(why)")
    }
}

extension X509Authority {
    /// Whether the key of the other signed this certificate.
    package func isSigned(by issuer: X509Authority) -> Bool {
        certificate.issuer == issuer.certificate.subject
            && issuer.certificate.publicKey.isValidSignature(certificate.signature, for: certificate)
    }
}
