// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import SPIFFE

/// What the server knows of an agent.
package struct AttestedNode: Hashable, Sendable {
    package var id: SPIFFEID
    package var attestationType: String
    /// Decimal serial of the agent's current X509-SVID; empty when the agent is banned.
    package var serialNumber: String
    package var expiresAt: Date
    /// A renewed SVID that the agent has not used yet; it becomes current on first use.
    package var newSerialNumber: String?
    package var newExpiresAt: Date?
    package var selectors: Set<Selector>
    package var canReattest: Bool
    /// What the agent last said of itself; empty until it has.
    package var agentVersion = ""

    package var isBanned: Bool { serialNumber.isEmpty }

    package init(
        id: SPIFFEID, attestationType: String, serialNumber: String, expiresAt: Date, selectors: Set<Selector> = [],
        canReattest: Bool = false
    ) {
        self.id = id
        self.attestationType = attestationType
        self.serialNumber = serialNumber
        self.expiresAt = expiresAt
        self.selectors = selectors
        self.canReattest = canReattest
    }
}
