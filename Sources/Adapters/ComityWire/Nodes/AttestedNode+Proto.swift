// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
import FoundationEssentials
package import ServerAPIProtos

extension Spire_Api_Types_Agent {
    /// The ID is always there, other fields as named.
    package init(_ node: AttestedNode, fields: Set<NodeField> = Set(NodeField.allCases)) {
        self.init()
        id = Spire_Api_Types_SPIFFEID(node.id)
        if fields.contains(.attestationType) { attestationType = node.attestationType }
        if fields.contains(.serialNumber) { x509SvidSerialNumber = node.serialNumber }
        if fields.contains(.expiresAt) { x509SvidExpiresAt = Optional(node.expiresAt).unixSeconds }
        if fields.contains(.selectors) { selectors = node.selectors.protos }
        if fields.contains(.banned) { banned = node.isBanned }
        if fields.contains(.canReattest) { canReattest = node.canReattest }
        if fields.contains(.agentVersion) { agentVersion = node.agentVersion }
    }
}
