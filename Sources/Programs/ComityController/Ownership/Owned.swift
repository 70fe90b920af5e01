// SPDX-License-Identifier: Apache-2.0

package import SPIFFE

/// Entries and relationships that a controller calls its own.
package struct Owned: Hashable, Sendable {
    package var entryIDs: Set<String>
    package var trustDomains: Set<TrustDomain>

    package init(entryIDs: Set<String> = [], trustDomains: Set<TrustDomain> = []) {
        self.entryIDs = entryIDs
        self.trustDomains = trustDomains
    }

    package var isEmpty: Bool { entryIDs.isEmpty && trustDomains.isEmpty }

    package mutating func add(_ other: Owned) {
        entryIDs.formUnion(other.entryIDs)
        trustDomains.formUnion(other.trustDomains)
    }

    package mutating func remove(_ other: Owned) {
        entryIDs.subtract(other.entryIDs)
        trustDomains.subtract(other.trustDomains)
    }
}
