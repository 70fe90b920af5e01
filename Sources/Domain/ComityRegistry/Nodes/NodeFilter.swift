// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// Which agents are meant; all given clauses must hold.
package struct NodeFilter: Hashable, Sendable {
    package var attestationType: String?
    package var selectors: SetMatch<Selector>?
    package var isBanned: Bool?
    package var canReattest: Bool?
    package var expiresBefore: Date?

    package init() {}
}
