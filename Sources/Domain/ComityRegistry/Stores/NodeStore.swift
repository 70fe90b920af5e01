// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import SPIFFE

/// Keeps attested nodes and join tokens. All failures are ``RegistryError``.
package protocol NodeStore: Sendable {
    /// Stores a node after attestation, replacing what was known of it.
    func putNode(_ node: AttestedNode) async throws
    func node(id: SPIFFEID) async throws -> AttestedNode?
    func listNodes(_ filter: NodeFilter, page: PageRequest) async throws -> Page<AttestedNode>
    func countNodes(_ filter: NodeFilter) async throws -> Int
    /// Changes a node in one transaction; throws `notFound` when there is none.
    func updateNode(
        id: SPIFFEID, _ change: @Sendable @escaping (inout AttestedNode) -> Void
    ) async throws -> AttestedNode
    /// Removes the node and the join-token entry that names it (selector `spiffe_id:<id>`).
    func deleteNode(id: SPIFFEID) async throws -> AttestedNode

    /// Throws `alreadyExists` when the value is taken.
    func createJoinToken(_ token: JoinToken) async throws
    /// Takes the token away and answers with it, so that of two callers only one has it; `nil` when there is none.
    func consumeJoinToken(_ value: String) async throws -> JoinToken?
    func pruneJoinTokens(expiredBefore: Date) async throws -> Int
}
