// SPDX-License-Identifier: Apache-2.0

/// Which agents are forgotten by themselves (`prune_attested_nodes_*`, `prune_tofu_nodes`).
package struct NodePruningConfiguration: Sendable, Hashable {
    /// How long ago their SVID must have ended.
    package var expiredFor: Duration
    /// How many are forgotten at one time at most.
    package var batchSize: Int
    /// Whether also those that cannot attest again by themselves are forgotten.
    package var includesNonReattestable: Bool

    /// Nil when the first key is not set; the others only shape what it turns on.
    init?(in server: ConfigurationSection) {
        let expiredFor = server.duration("prune_attested_nodes_expired_for", as: "prune_attested_nodes_expired_for")
        batchSize = server.integer("prune_attested_nodes_batch_size", in: 1...1_000_000) ?? 1000
        includesNonReattestable = server.flag("prune_tofu_nodes") ?? false
        guard let expiredFor, expiredFor.value > .zero else { return nil }
        self.expiredFor = expiredFor.value
    }
}
