// SPDX-License-Identifier: Apache-2.0

/// Remembers whose entries, relationships and foreign bundles are. A claim ends when what is claimed is deleted, whoever does it.
/// All failures are ``RegistryError``.
package protocol OwnershipStore: Sendable {
    /// Whether the owner ever claimed something, if it was an empty set.
    func isKnown(_ owner: OwnerName) async throws -> Bool
    /// In order of the objects; a page has at most as many as are asked for.
    func listClaims(of owner: OwnerName, page: PageRequest) async throws -> Page<OwnedObject>
    /// Claims what nobody else has claimed; it need not be there yet.
    ///
    /// - Returns: what others have claimed, which stays theirs.
    func claim(_ objects: Set<OwnedObject>, for owner: OwnerName) async throws -> Set<OwnedObject>
    /// What the owner did not claim stays as it is.
    func release(_ objects: Set<OwnedObject>, of owner: OwnerName) async throws
}
