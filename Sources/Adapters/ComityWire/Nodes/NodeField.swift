// SPDX-License-Identifier: Apache-2.0

package import ServerAPIProtos

/// A field of an agent that an answer may carry.
package enum NodeField: CaseIterable, Hashable, Sendable {
    case attestationType, serialNumber, expiresAt, selectors, banned, canReattest, agentVersion
}

extension Set<NodeField> {
    /// The fields of a mask; all when the message has none.
    package init(_ mask: Spire_Api_Types_AgentMask?) {
        guard let mask else {
            self = Set(NodeField.allCases)
            return
        }
        self.init(NodeField.allCases.filter { mask[keyPath: $0.maskPath] })
    }
}

extension NodeField {
    fileprivate var maskPath: KeyPath<Spire_Api_Types_AgentMask, Bool> {
        switch self {
        case .attestationType: \.attestationType
        case .serialNumber: \.x509SvidSerialNumber
        case .expiresAt: \.x509SvidExpiresAt
        case .selectors: \.selectors
        case .banned: \.banned
        case .canReattest: \.canReattest
        case .agentVersion: \.agentVersion
        }
    }
}
