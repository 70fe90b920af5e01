// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
package import SPIFFE

/// What a node attestor found proven.
package struct NodeAttestation: Hashable, Sendable {
    package var agentID: SPIFFEID
    package var selectors: Set<Selector>
    /// Whether the agent may prove itself again later by the same method.
    package var canReattest: Bool

    package init(agentID: SPIFFEID, selectors: Set<Selector> = [], canReattest: Bool) {
        self.agentID = agentID
        self.selectors = selectors
        self.canReattest = canReattest
    }
}
