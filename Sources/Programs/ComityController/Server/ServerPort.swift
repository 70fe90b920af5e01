// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
package import ComityResources
package import SPIFFE

/// What the reconcilers ask of a server. Each call that writes is one batch: its items stand alone, and the results come
/// in the order of the items.
package protocol ServerPort: Sendable {
    func entries() async throws -> [Entry]
    /// Of all entries, which costs much less than the entries themselves.
    func entryVersions() async throws -> [EntryVersion]
    /// `nil` when it is gone.
    func entry(_ id: String) async throws -> Entry?
    func storedBundles() async throws -> StoredBundles
    func createEntries(_ entries: [Entry]) async throws -> [ItemResult]
    func updateEntries(_ entries: [Entry]) async throws -> [ItemResult]
    func deleteEntries(_ ids: [String]) async throws -> [ItemResult]

    /// What the server has of federation, and how it fares.
    func federation() async throws -> ServerFederation
    func createRelationships(_ changes: [FederationPlan.Change]) async throws -> [ItemResult]
    func updateRelationships(_ changes: [FederationPlan.Change]) async throws -> [ItemResult]
    func deleteRelationships(_ trustDomains: [TrustDomain]) async throws -> [ItemResult]
    func setBundles(_ bundles: [SPIFFEBundle]) async throws -> [ItemResult]
    /// Deletes bundles; entries no longer federate with their trust domains.
    func dissolveBundles(of trustDomains: [TrustDomain]) async throws -> [ItemResult]
}
