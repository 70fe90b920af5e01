// SPDX-License-Identifier: Apache-2.0

package import ServerAPIProtos

/// A part of a relationship that an update may write or an answer may carry.
package enum RelationshipField: CaseIterable, Hashable, Sendable {
    case bundleEndpointURL, bundleEndpointProfile, trustDomainBundle
}

extension Set<RelationshipField> {
    package static let all = Set(RelationshipField.allCases)

    /// The fields of a mask; all when the message has none.
    package init(_ mask: Spire_Api_Types_FederationRelationshipMask?) {
        guard let mask else {
            self = .all
            return
        }
        self = []
        if mask.bundleEndpointURL { insert(.bundleEndpointURL) }
        if mask.bundleEndpointProfile { insert(.bundleEndpointProfile) }
        if mask.trustDomainBundle { insert(.trustDomainBundle) }
    }
}
