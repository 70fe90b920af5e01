// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import ComityRegistry
import FoundationEssentials
package import SPIFFE
package import ServerAPIProtos
package import X509

/// A certificate as the Debug services of server and agent tell of it.
package struct ChainCertificate: Hashable, Sendable {
    /// `nil` for certificates that name no SPIFFE ID.
    package var id: Spire_Api_Types_SPIFFEID?
    package var expiresAt: Int64
    /// As in RFC 2253.
    package var subject: String

    package init(_ certificate: Certificate) {
        id = certificate.spiffeID
        expiresAt = Optional(certificate.notValidAfter).unixSeconds
        subject = certificate.subject.textOfGo
    }

    /// The own SVID with what stands above it, up to the roots of the bundle that it ends at.
    package static func chain(of credential: X509Credential?, in bundle: SPIFFEBundle?) -> [ChainCertificate] {
        guard let credential, let last = credential.certificates.last else { return [] }
        let signer = (try? last.extensions.authorityKeyIdentifier?.keyIdentifier).map { Array($0) }
        let roots = (bundle?.x509Authorities ?? []).filter {
            $0.certificate.subject == last.issuer && (signer == nil || $0.subjectKeyIdentifier == signer)
        }
        return (credential.certificates + roots.map(\.certificate)).map { ChainCertificate($0) }
    }
}

extension Certificate {
    fileprivate var spiffeID: Spire_Api_Types_SPIFFEID? {
        let names = (try? extensions.subjectAlternativeNames) ?? nil
        for case .uniformResourceIdentifier(let uri) in names ?? SubjectAlternativeNames([]) {
            if let id = try? SPIFFEID(uri) { return Spire_Api_Types_SPIFFEID(id) }
        }
        return nil
    }
}
