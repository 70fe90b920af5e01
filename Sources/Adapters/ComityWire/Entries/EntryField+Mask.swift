// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
package import ServerAPIProtos

extension Set<EntryField> {
    package static let all = Set(EntryField.allCases)

    /// The fields of a mask; all when the message has none.
    package init(_ mask: Spire_Api_Types_EntryMask?) {
        guard let mask else {
            self = .all
            return
        }
        self.init(EntryField.allCases.filter { mask[keyPath: $0.maskPath] })
    }
}

extension Spire_Api_Types_EntryMask {
    package init(_ fields: Set<EntryField>) {
        self.init()
        for field in fields {
            self[keyPath: field.maskPath] = true
        }
    }
}

extension EntryField {
    fileprivate var maskPath: WritableKeyPath<Spire_Api_Types_EntryMask, Bool> {
        switch self {
        case .spiffeID: \.spiffeID
        case .parentID: \.parentID
        case .selectors: \.selectors
        case .x509SVIDTTL: \.x509SvidTtl
        case .jwtSVIDTTL: \.jwtSvidTtl
        case .federatesWith: \.federatesWith
        case .admin: \.admin
        case .downstream: \.downstream
        case .expiresAt: \.expiresAt
        case .dnsNames: \.dnsNames
        case .revisionNumber: \.revisionNumber
        case .storeSVID: \.storeSvid
        case .hint: \.hint
        case .createdAt: \.createdAt
        case .additionalAttributes: \.additionalAttributes
        }
    }
}
