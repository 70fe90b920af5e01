// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import SPIFFE
import X509

extension BundleRecord {
    /// What pruning took out.
    package struct Pruned: Hashable, Sendable {
        package var x509Authorities: [X509Authority] = []
        package var jwtAuthorities: [JWTAuthority] = []

        package var isEmpty: Bool { x509Authorities.isEmpty && jwtAuthorities.isEmpty }
    }

    /// Takes out the authorities that ended before the given time; the sequence number grows by one if there are any.
    ///
    /// A JWT authority without known end counts as ended.
    ///
    /// - Throws: ``RegistryError`` with code `failedPrecondition`, having changed nothing, when no authority of a kind
    ///   would be left.
    package mutating func prune(expiredBefore time: Date) throws(RegistryError) -> Pruned {
        var pruned = Pruned()
        pruned.x509Authorities = bundle.x509Authorities.filter { $0.certificate.notValidAfter < time }
        pruned.jwtAuthorities = bundle.jwtAuthorities.filter { (jwtExpirations[$0.keyID] ?? .distantPast) < time }
        guard !pruned.isEmpty else { return pruned }
        guard pruned.x509Authorities.count < bundle.x509Authorities.count || bundle.x509Authorities.isEmpty else {
            throw RegistryError(.failedPrecondition, "would prune all certificates")
        }
        guard pruned.jwtAuthorities.count < bundle.jwtAuthorities.count || bundle.jwtAuthorities.isEmpty else {
            throw RegistryError(.failedPrecondition, "would prune all JWT signing keys")
        }
        remove(pruned)
        countChange()
        return pruned
    }

    private mutating func remove(_ pruned: Pruned) {
        let certificates = Set(pruned.x509Authorities)
        let keys = Set(pruned.jwtAuthorities)
        bundle.x509Authorities.removeAll(where: certificates.contains)
        bundle.jwtAuthorities.removeAll(where: keys.contains)
        forgetAbsentAuthorities()
    }

    /// Drops marks and ends of authorities that are no longer in the bundle.
    package mutating func forgetAbsentAuthorities() {
        let keyIDs = Set(bundle.jwtAuthorities.map(\.keyID))
        taintedX509Authorities.formIntersection(bundle.x509Authorities)
        taintedJWTKeyIDs.formIntersection(keyIDs)
        jwtExpirations = jwtExpirations.filter { keyIDs.contains($0.key) }
    }
}
