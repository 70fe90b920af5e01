// SPDX-License-Identifier: Apache-2.0

package import SPIFFE

extension BundleRecord {
    /// Takes over a newer bundle of the same trust domain; what is known of keys that stay is kept.
    package mutating func replace(with bundle: SPIFFEBundle) {
        let keyIDs = Set(bundle.jwtAuthorities.map(\.keyID))
        self.bundle = bundle
        taintedX509Authorities.formIntersection(bundle.x509Authorities)
        taintedJWTKeyIDs.formIntersection(keyIDs)
        jwtExpirations = jwtExpirations.filter { keyIDs.contains($0.key) }
    }
}
