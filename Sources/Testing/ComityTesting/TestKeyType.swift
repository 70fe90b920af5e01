// SPDX-License-Identifier: Apache-2.0

import Crypto
package import X509
import _CryptoExtras

/// The kinds of keys that ``TestCA`` makes.
package enum TestKeyType: String, CaseIterable, Sendable {
    case p256, p384, p521, ed25519, rsa2048
    /// Too weak to be accepted (decision D-10).
    case rsa1024

    package func makeKey() throws -> Certificate.PrivateKey {
        switch self {
        case .p256: Certificate.PrivateKey(P256.Signing.PrivateKey())
        case .p384: Certificate.PrivateKey(P384.Signing.PrivateKey())
        case .p521: Certificate.PrivateKey(P521.Signing.PrivateKey())
        case .ed25519: Certificate.PrivateKey(Curve25519.Signing.PrivateKey())
        case .rsa2048: Certificate.PrivateKey(try _RSA.Signing.PrivateKey(keySize: .bits2048))
        case .rsa1024: Certificate.PrivateKey(try _RSA.Signing.PrivateKey(unsafeKeySize: .init(bitCount: 1024)))
        }
    }
}
