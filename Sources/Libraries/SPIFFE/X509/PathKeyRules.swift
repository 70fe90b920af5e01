// SPDX-License-Identifier: Apache-2.0

import Crypto
import SwiftASN1
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
        guard try isAlgorithmRepeatedInside(certificate) else {
            throw PathFailure(
                .unfitCertificate, "\(label) names different signature algorithms inside and outside its signed part")
        }
    }

    /// RFC 5280 §4.1.1.2: the algorithm in the signed part is the one that is used.
    private static func isAlgorithmRepeatedInside(_ certificate: Certificate) throws(PathFailure) -> Bool {
        do {
            let whole = children(of: try DER.parse(try CertificateChainEncoding.der(of: certificate)))
            guard whole.count == 3 else { return false }
            let version = ASN1Identifier(tagWithNumber: 0, tagClass: .contextSpecific)
            let fields = children(of: whole[0]).drop { $0.identifier == version }
            return fields.dropFirst().first?.encodedBytes == whole[1].encodedBytes
        } catch {
            throw PathFailure(.unfitCertificate, "certificate cannot be decoded: \(error)")
        }
    }

    private static func children(of node: ASN1Node) -> [ASN1Node] {
        if case .constructed(let nodes) = node.content { Array(nodes) } else { [] }
    }
}
