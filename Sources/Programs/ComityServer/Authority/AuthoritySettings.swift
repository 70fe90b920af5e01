// SPDX-License-Identifier: Apache-2.0

package import ComityAuthority
package import FoundationEssentials
package import SPIFFE

/// What the configuration says about authorities and SVIDs.
package struct AuthoritySettings: Sendable {
    package var trustDomain: TrustDomain
    /// Seconds that X.509 CAs and JWT keys live.
    package var authorityTTL: TimeInterval
    package var x509KeyType: KeyType
    package var jwtKeyType: KeyType
    package var lifetimes: SVIDLifetimes
    /// The `iss` claim of JWT-SVIDs.
    package var jwtIssuer: String?
    package var caSubject: CASubject
    /// No JWT key is made and no token is signed.
    package var disablesJWTSVIDs = false
    /// Workloads get an identifier made from their SPIFFE ID in the subject of their X509-SVIDs.
    package var addsUniqueID = false
    /// Seconds after which partners look for new keys.
    package var refreshHint: TimeInterval

    package init(
        trustDomain: TrustDomain, authorityTTL: TimeInterval = 86400, x509KeyType: KeyType = .ecP256,
        jwtKeyType: KeyType = .ecP256, lifetimes: SVIDLifetimes = SVIDLifetimes(), jwtIssuer: String? = nil,
        caSubject: CASubject = .standard, refreshHint: TimeInterval = 300
    ) {
        self.trustDomain = trustDomain
        self.authorityTTL = authorityTTL
        self.x509KeyType = x509KeyType
        self.jwtKeyType = jwtKeyType
        self.lifetimes = lifetimes
        self.jwtIssuer = jwtIssuer
        self.caSubject = caSubject
        self.refreshHint = refreshHint
    }

    /// Of what kinds the server has authorities.
    var kinds: [AuthorityKind] { disablesJWTSVIDs ? [.x509] : [.x509, .jwt] }

    package var svidPolicy: SVIDPolicy {
        SVIDPolicy(
            lifetimes: lifetimes, authorityTTL: authorityTTL, addsUniqueID: addsUniqueID,
            disablesJWTSVIDs: disablesJWTSVIDs)
    }

    var x509CATemplate: X509CATemplate {
        X509CATemplate(trustDomain: trustDomain, ttl: authorityTTL, subject: caSubject)
    }

    func keyType(_ kind: AuthorityKind) -> KeyType {
        switch kind {
        case .x509: x509KeyType
        case .jwt: jwtKeyType
        }
    }
}
