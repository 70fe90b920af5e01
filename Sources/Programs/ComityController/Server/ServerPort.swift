// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
package import ComityResources
package import SPIFFE

/// What the reconcilers ask of a server. Each call that writes is one batch: its items stand alone, and the results come
/// in the order of the items.
package protocol ServerPort: Sendable {
    func entries() async throws -> [Entry]
    func createEntries(_ entries: [Entry]) async throws -> [ItemResult]
    func updateEntries(_ entries: [Entry]) async throws -> [ItemResult]
    func deleteEntries(_ ids: [String]) async throws -> [ItemResult]

    /// The dynamic relationships with the bundles that are stored.
    func relationships() async throws -> [FederationPlanner.Present]
    func createRelationships(_ changes: [FederationPlan.Change]) async throws -> [ItemResult]
    func updateRelationships(_ changes: [FederationPlan.Change]) async throws -> [ItemResult]
    func deleteRelationships(_ trustDomains: [TrustDomain]) async throws -> [ItemResult]
    func setBundles(_ bundles: [SPIFFEBundle]) async throws -> [ItemResult]
}
