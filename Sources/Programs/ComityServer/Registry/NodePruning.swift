// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// Which agents are forgotten by themselves.
package struct NodePruning: Hashable, Sendable {
    /// How long ago their SVID must have ended.
    package var expiredFor: TimeInterval
    /// How many are forgotten at one time at most.
    package var batchSize: Int32
    /// Whether also those that cannot attest again by themselves are forgotten.
    package var includesNonReattestable: Bool

    package init(expiredFor: TimeInterval, batchSize: Int32 = 1000, includesNonReattestable: Bool = false) {
        self.expiredFor = expiredFor
        self.batchSize = batchSize
        self.includesNonReattestable = includesNonReattestable
    }
}
