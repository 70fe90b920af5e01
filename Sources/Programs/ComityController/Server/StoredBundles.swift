// SPDX-License-Identifier: Apache-2.0

package import SPIFFE

/// Whose bundles a server has.
package struct StoredBundles: Hashable, Sendable {
    package var trustDomains: Set<TrustDomain>
    /// The server refuses entries that federate with others, as SPIRE's does.
    package var areRequired: Bool

    package init(_ trustDomains: Set<TrustDomain> = [], areRequired: Bool = false) {
        self.trustDomains = trustDomains
        self.areRequired = areRequired
    }
}
