// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
package import SPIFFE

/// Watches the own bundle for authorities that lose trust: tainted, or gone.
package struct AuthorityTrust: Sendable {
    package struct Loss: Hashable, Sendable {
        package var x509Authorities: Set<X509Authority>
        package var jwtKeyIDs: Set<String>

        package init(x509Authorities: Set<X509Authority> = [], jwtKeyIDs: Set<String> = []) {
            self.x509Authorities = x509Authorities
            self.jwtKeyIDs = jwtKeyIDs
        }

        package var isEmpty: Bool { x509Authorities.isEmpty && jwtKeyIDs.isEmpty }
    }

    private var x509Authorities: Set<X509Authority> = []
    private var jwtKeyIDs: Set<String> = []
    private var isFirst = true

    package init() {}

    /// What lost trust since the last look; at the first look, all that is tainted.
    package mutating func observe(_ record: BundleRecord) -> Loss {
        let x509 = Set(record.bundle.x509Authorities).subtracting(record.taintedX509Authorities)
        let jwt = Set(record.bundle.jwtAuthorities.map(\.keyID)).subtracting(record.taintedJWTKeyIDs)
        defer { (x509Authorities, jwtKeyIDs, isFirst) = (x509, jwt, false) }
        guard !isFirst else {
            return Loss(x509Authorities: record.taintedX509Authorities, jwtKeyIDs: record.taintedJWTKeyIDs)
        }
        return Loss(
            x509Authorities: x509Authorities.subtracting(x509), jwtKeyIDs: jwtKeyIDs.subtracting(jwt))
    }
}
