// SPDX-License-Identifier: Apache-2.0

import Crypto
import X509
import _CryptoExtras

/// Which keys and signature algorithms may occur in a path (decision D-10).
enum PathKeyRules {
    static let minimumRSABits = 2048

    /// Above this a single signature check gets slow enough to be an attack.
    static let maximumRSABits = 8192

    private static let algorithms: Set<Certificate.SignatureAlgorithm> = [
        .ecdsaWithSHA256, .ecdsaWithSHA384, .ecdsaWithSHA512, .ed25519,
        .sha256WithRSAEncryption, .sha384WithRSAEncryption, .sha512WithRSAEncryption,
    ]

    static func check(_ key: Certificate.PublicKey, of label: String) throws(PathFailure) {
        guard let bits = _RSA.Signing.PublicKey(key)?.keySizeInBits else { return }
        guard bits >= minimumRSABits else {
            throw PathFailure(
                .unfitCertificate, "\(label) has an RSA key of \(bits) bits; at least \(minimumRSABits) are needed")
        }
        guard bits <= maximumRSABits else {
            throw PathFailure(
                .unfitCertificate, "\(label) has an RSA key of \(bits) bits; at most \(maximumRSABits) are accepted")
        }
    }

    static func check(signatureOf certificate: Certificate, label: String) throws(PathFailure) {
        guard algorithms.contains(certificate.signatureAlgorithm) else {
            throw PathFailure(
                .unfitCertificate, "\(label) is signed with insecure algorithm \(certificate.signatureAlgorithm)")
        }
    }
}
