// SPDX-License-Identifier: Apache-2.0

package import SPIFFE

/// Taking trust from an authority: first it is tainted, so that all renew what it signed, then it is revoked.
///
/// Each step adds one to the sequence number, or changes nothing and throws ``RegistryError``.
extension BundleRecord {
    package mutating func taint(_ authority: X509Authority) throws(RegistryError) {
        try requirePresence(of: authority)
        guard taintedX509Authorities.insert(authority).inserted else {
            throw RegistryError(.failedPrecondition, "root CA is already tainted")
        }
        countChange()
    }

    package mutating func taintJWTAuthority(keyID: String) throws(RegistryError) {
        try requirePresence(ofJWTAuthority: keyID)
        guard taintedJWTKeyIDs.insert(keyID).inserted else {
            throw RegistryError(.failedPrecondition, "key is already tainted")
        }
        countChange()
    }

    package mutating func revoke(_ authority: X509Authority) throws(RegistryError) {
        try requirePresence(of: authority)
        guard taintedX509Authorities.contains(authority) else {
            throw RegistryError(.failedPrecondition, "it is not possible to revoke an untainted root CA")
        }
        bundle.x509Authorities.removeAll { $0 == authority }
        forgetAbsentAuthorities()
        countChange()
    }

    package mutating func revokeJWTAuthority(keyID: String) throws(RegistryError) {
        try requirePresence(ofJWTAuthority: keyID)
        guard taintedJWTKeyIDs.contains(keyID) else {
            throw RegistryError(.failedPrecondition, "it is not possible to revoke an untainted key")
        }
        bundle.jwtAuthorities.removeAll { $0.keyID == keyID }
        forgetAbsentAuthorities()
        countChange()
    }

    private func requirePresence(of authority: X509Authority) throws(RegistryError) {
        guard bundle.x509Authorities.contains(authority) else {
            throw RegistryError(.notFound, "no root CA found with provided subject key ID")
        }
    }

    private func requirePresence(ofJWTAuthority keyID: String) throws(RegistryError) {
        guard bundle.jwtAuthorities.contains(where: { $0.keyID == keyID }) else {
            throw RegistryError(.notFound, "no JWT Key found with provided key ID")
        }
    }
}
