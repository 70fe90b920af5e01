// SPDX-License-Identifier: Apache-2.0

/// The kinds of key an authority or an SVID may have, by their names in configuration.
package enum KeyType: String, CaseIterable, Hashable, Sendable {
    case ecP256 = "ec-p256"
    case ecP384 = "ec-p384"
    case rsa2048 = "rsa-2048"
    case rsa4096 = "rsa-4096"

    /// The JOSE algorithm that tokens are signed with (RFC 7518 §3).
    package var jwtAlgorithm: String {
        switch self {
        case .ecP256: "ES256"
        case .ecP384: "ES384"
        case .rsa2048, .rsa4096: "RS256"
        }
    }
}
