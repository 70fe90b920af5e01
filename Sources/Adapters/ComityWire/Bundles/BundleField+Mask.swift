// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
package import ServerAPIProtos

extension Set<BundleField> {
    package static let all = Set(BundleField.allCases)

    /// The fields of a mask; all when the message has none.
    package init(_ mask: Spire_Api_Types_BundleMask?) {
        guard let mask else {
            self = .all
            return
        }
        self.init(BundleField.allCases.filter { mask[keyPath: $0.maskPath] })
    }
}

extension Spire_Api_Types_BundleMask {
    package init(_ fields: Set<BundleField>) {
        self.init()
        for field in fields {
            self[keyPath: field.maskPath] = true
        }
    }
}

extension BundleField {
    fileprivate var maskPath: WritableKeyPath<Spire_Api_Types_BundleMask, Bool> {
        switch self {
        case .x509Authorities: \.x509Authorities
        case .jwtAuthorities: \.jwtAuthorities
        case .refreshHint: \.refreshHint
        case .sequenceNumber: \.sequenceNumber
        }
    }
}
