// SPDX-License-Identifier: Apache-2.0

package import SPIFFE

/// Which entries are meant; all given clauses must hold.
package struct EntryFilter: Hashable, Sendable {
    package var spiffeID: SPIFFEID?
    package var parentID: SPIFFEID?
    package var selectors: SetMatch<Selector>?
    package var federatesWith: SetMatch<TrustDomain>?
    package var hint: String?
    /// Only `true` filters; `false` and `nil` match every entry, as in SPIRE.
    package var isDownstream: Bool?

    package init() {}
}
