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

    /// Begins the names under which it is recorded whose bundles go with their resources; no entry is called so.
    private static let dissolvingPrefix = "comity-dissolve."

    /// - Parameter trustDomains: Whose bundles go with their resources.
    package init(dissolving trustDomains: some Sequence<TrustDomain>) {
        self.init(entryIDs: Set(trustDomains.map { Self.dissolvingPrefix + $0.name }))
    }

    /// Trust domains whose bundles go with their resources.
    package var dissolvable: Set<TrustDomain> {
        let names = entryIDs.lazy.filter { $0.hasPrefix(Self.dissolvingPrefix) }
        return Set(names.compactMap { try? TrustDomain(String($0.dropFirst(Self.dissolvingPrefix.count))) })
    }

    package mutating func add(_ other: Owned) {
        entryIDs.formUnion(other.entryIDs)
        trustDomains.formUnion(other.trustDomains)
    }

    package mutating func remove(_ other: Owned) {
        entryIDs.subtract(other.entryIDs)
        trustDomains.subtract(other.trustDomains)
    }
}
