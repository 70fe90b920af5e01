// SPDX-License-Identifier: Apache-2.0

/// Everything the server keeps, but keys.
package protocol RegistryStore: EntryStore, NodeStore, BundleStore, FederationStore, OwnershipStore {
    /// What is written from now on, by anyone. A reader that falls behind gets `.everything` instead of a backlog.
    func changes() -> AsyncStream<RegistryChange>
}
