// SPDX-License-Identifier: Apache-2.0

package import ComityAuthority
package import ComityRegistry

/// All that a registry is filled with at once.
package struct RegistryContent: Hashable, Sendable {
    package var bundles: [BundleRecord] = []
    package var relationships: [FederationRelationship] = []
    package var entries: [Entry] = []
    package var nodes: [AttestedNode] = []
    package var joinTokens: [JoinToken] = []
    package var journal = AuthorityJournal()

    package init() {}
}
