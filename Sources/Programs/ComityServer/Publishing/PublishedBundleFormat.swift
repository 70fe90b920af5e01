// SPDX-License-Identifier: Apache-2.0

import SPIFFE

/// How the own bundle is written for others to read.
package enum PublishedBundleFormat: Hashable, Sendable {
    /// The SPIFFE bundle document, with this refresh hint in seconds instead of the bundle's own.
    case spiffe(refreshHint: Int64?)
    /// A JWK Set of the JWT authorities.
    case jwtKeys
    /// A JWK Set of all authorities, without what SPIFFE adds to the standard.
    case allKeys
    /// The X.509 authorities.
    case pem

    func text(of bundle: SPIFFEBundle) -> String {
        switch self {
        case .spiffe(let refreshHint):
            var bundle = bundle
            bundle.refreshHint = refreshHint ?? bundle.refreshHint
            return String(decoding: bundle.document(), as: UTF8.self)
        case .jwtKeys: return String(decoding: bundle.jwtKeySet(), as: UTF8.self)
        case .allKeys: return String(decoding: bundle.keySet(), as: UTF8.self)
        case .pem: return bundle.pem
        }
    }
}
