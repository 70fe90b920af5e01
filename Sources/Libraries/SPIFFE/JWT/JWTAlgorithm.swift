// SPDX-License-Identifier: Apache-2.0

import Crypto
import FoundationEssentials
package import X509
import _CryptoExtras

/// The signature algorithms of JWT-SVID (JWT-SVID §2.1, RFC 7518 §3).
package enum JWTAlgorithm: String, CaseIterable, Sendable {
    case rs256 = "RS256"
    case rs384 = "RS384"
    case rs512 = "RS512"
    case es256 = "ES256"
    case es384 = "ES384"
    case es512 = "ES512"
    case ps256 = "PS256"
    case ps384 = "PS384"
    case ps512 = "PS512"

    /// Says whether a key is of the type, curve and strength that the algorithm needs.
    package func fits(_ key: Certificate.PublicKey) -> Bool {
        switch self {
        case .es256: P256.Signing.PublicKey(key) != nil
        case .es384: P384.Signing.PublicKey(key) != nil
        case .es512: P521.Signing.PublicKey(key) != nil
        case .rs256, .rs384, .rs512, .ps256, .ps384, .ps512:
            (PathKeyRules.minimumRSABits...PathKeyRules.maximumRSABits)
                .contains(_RSA.Signing.PublicKey(key)?.keySizeInBits ?? 0)
        }
    }

    /// Checks a signature in JWS form: for ECDSA both numbers in full length, one after the other (RFC 7518 §3.4).
    package func isValidSignature(
        _ signature: [UInt8], for input: ArraySlice<UInt8>, by key: Certificate.PublicKey
    ) -> Bool {
        guard fits(key) else { return false }
        switch self {
        case .es256, .rs256, .ps256: return isValid(signature, for: SHA256.hash(data: input), by: key)
        case .es384, .rs384, .ps384: return isValid(signature, for: SHA384.hash(data: input), by: key)
        case .es512, .rs512, .ps512: return isValid(signature, for: SHA512.hash(data: input), by: key)
        }
    }

    private func isValid(_ signature: [UInt8], for digest: some Digest, by key: Certificate.PublicKey) -> Bool {
        if let rsa = _RSA.Signing.PublicKey(key) {
            return rsa.isValidSignature(
                _RSA.Signing.RSASignature(rawRepresentation: signature), for: digest, padding: padding)
        }
        // A signature that is not exactly both numbers has no value.
        if let p256 = P256.Signing.PublicKey(key) {
            let value = try? P256.Signing.ECDSASignature(rawRepresentation: signature)
            return value.map { p256.isValidSignature($0, for: digest) } ?? false
        }
        if let p384 = P384.Signing.PublicKey(key) {
            let value = try? P384.Signing.ECDSASignature(rawRepresentation: signature)
            return value.map { p384.isValidSignature($0, for: digest) } ?? false
        }
        let value = try? P521.Signing.ECDSASignature(rawRepresentation: signature)
        return value.map { P521.Signing.PublicKey(key)?.isValidSignature($0, for: digest) ?? false } ?? false
    }

    private var padding: _RSA.Signing.Padding {
        switch self {
        case .ps256, .ps384, .ps512: .PSS
        default: .insecurePKCS1v1_5
        }
    }
}
