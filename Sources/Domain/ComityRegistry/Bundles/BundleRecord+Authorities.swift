// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import SPIFFE

extension BundleRecord {
    /// Adds the authorities that are not there yet; the sequence number grows by one if there are any.
    ///
    /// - Returns: whether anything was added.
    /// - Throws: ``RegistryError`` with code `invalidArgument`, having changed nothing, when two keys would bear one key
    ///   ID: a token could then not say which of them signed it (decision D-20).
    @discardableResult
    package mutating func append(
        x509Authorities: [X509Authority] = [], jwtAuthorities: [JWTAuthority] = [],
        jwtExpirations: [String: Date] = [:]
    ) throws(RegistryError) -> Bool {
        try checkKeyIDs(of: jwtAuthorities)
        let certificates = additions(of: x509Authorities, to: bundle.x509Authorities)
        let keys = additions(of: jwtAuthorities, to: bundle.jwtAuthorities)
        guard !certificates.isEmpty || !keys.isEmpty else { return false }
        bundle.x509Authorities += certificates
        bundle.jwtAuthorities += keys
        for key in keys {
            self.jwtExpirations[key.keyID] = jwtExpirations[key.keyID]
        }
        countChange()
        return true
    }

    /// Adds one to the sequence number.
    package mutating func countChange() {
        bundle.sequenceNumber = (bundle.sequenceNumber ?? 0) + 1
    }

    private func checkKeyIDs(of given: [JWTAuthority]) throws(RegistryError) {
        var keys = Dictionary(bundle.jwtAuthorities.map { ($0.keyID, $0) }) { first, _ in first }
        for authority in given {
            if let other = keys.updateValue(authority, forKey: authority.keyID), other != authority {
                throw RegistryError(
                    .invalidArgument,
                    "key ID \"\(authority.keyID)\" is already that of another JWT authority; use a new one")
            }
        }
    }

    private func additions<Authority: Hashable>(of given: [Authority], to stored: [Authority]) -> [Authority] {
        var seen = Set(stored)
        return given.filter { seen.insert($0).inserted }
    }
}
