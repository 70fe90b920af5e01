// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import FoundationEssentials
import SPIFFE
import X509

/// An SVID that a workload holds.
struct LiveSVID {
    private enum Document {
        case x509(UnverifiedX509SVID)
        case jwt(UnverifiedJWTSVID)
    }

    /// Of its own among all of the federation.
    let serial: Int
    let trustDomain: TrustDomain
    let authority: AuthorityName
    /// When it is valid for whoever has the right time; the authority is, too.
    let notBefore: Date
    let notAfter: Date
    private let document: Document

    init(_ svid: IssuedX509SVID, by issuer: X509Issuer, serial: Int) throws {
        self.serial = serial
        trustDomain = svid.id.trustDomain
        authority = AuthorityName(kind: .x509, id: issuer.authorityID)
        notBefore = max(svid.issuedAt - X509Issuer.backdate, issuer.certificate.certificate.notValidBefore)
        notAfter = svid.expiresAt
        document = .x509(try UnverifiedX509SVID(derCertificates: svid.certificateChain))
    }

    init(_ token: IssuedJWTSVID, by issuer: JWTIssuer, serial: Int) throws {
        self.serial = serial
        trustDomain = token.id.trustDomain
        authority = AuthorityName(kind: .jwt, id: issuer.keyID)
        notBefore = token.issuedAt
        notAfter = token.expiresAt
        document = .jwt(try UnverifiedJWTSVID(token: token.token))
    }

    func verifies(by bundles: BundleSet, at now: Date) -> Bool {
        switch document {
        case .x509(let svid): (try? svid.verified(by: bundles, at: now)) != nil
        case .jwt(let svid):
            (try? svid.verified(by: bundles, audience: [SimulatedWorkload.audience], at: now)) != nil
        }
    }
}

extension LiveSVID: CustomStringConvertible {
    var description: String {
        "\(authority.kind) SVID of \(trustDomain) by \(authority.id.prefix(8)), valid until \(notAfter)"
    }
}
