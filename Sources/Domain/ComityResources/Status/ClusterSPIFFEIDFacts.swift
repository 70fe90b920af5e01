// SPDX-License-Identifier: Apache-2.0

package import SPIFFE

/// All that is known of a ClusterSPIFFEID when its status is written.
package struct ClusterSPIFFEIDFacts: Sendable {
    package enum Standing: Hashable, Sendable {
        /// This controller does not handle its class; says why.
        case unselected(String)
        case refused(ResourceError)
        case inForce
    }

    package typealias Failure = PodSelection.Outcome.Failure

    package var standing: Standing
    package var selection = PodSelection.Outcome()
    /// Lost to another resource that means the same entries.
    package var entriesMasked = 0
    package var entriesToSet = 0
    /// What the server refused, with the reason.
    package var entryFailures = 0
    package var firstEntryFailures: [Failure] = []
    /// Those of `federatesWith` whose bundle the server does not have.
    package var awaitedBundles: Set<TrustDomain> = []
    package var warnings: [String] = []

    package init(_ standing: Standing) {
        self.standing = standing
    }
}
