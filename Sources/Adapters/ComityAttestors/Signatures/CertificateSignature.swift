// SPDX-License-Identifier: Apache-2.0

import ComityAttestation
import Crypto
import SPIFFE
import SwiftASN1
import X509
import _CryptoExtras

/// The two kinds of signature by which the holder of a certificate proves its key in `x509pop`.
enum CertificateSignature: Equatable {
    case rsa([UInt8])
    /// Both numbers, most significant byte first.
    case ecdsa(r: [UInt8], s: [UInt8])

    enum Kind: String {
        case rsa = "rsa_signature"
        case ecdsa = "ecdsa_signature"

        /// `nil` for keys of other kinds.
        init?(_ key: Certificate.PublicKey) {
            if _RSA.Signing.PublicKey(key) != nil {
                self = .rsa
            } else if P256.Signing.PublicKey(key) != nil || P384.Signing.PublicKey(key) != nil
                || P521.Signing.PublicKey(key) != nil
            {
                self = .ecdsa
            } else {
                return nil
            }
        }
    }

    /// - Throws: ``AttestationError`` for keys of other kinds.
    init(of digest: SHA256Digest, by key: Certificate.PrivateKey) throws {
        let pem = try key.serializeAsPEM().pemString
        switch Kind(key.publicKey) {
        case .rsa?:
            let key = try _RSA.Signing.PrivateKey(pemRepresentation: pem)
            self = .rsa(Array(try key.signature(for: digest, padding: .PSS).rawRepresentation))
        case .ecdsa?:
            let raw: [UInt8] =
                if let key = try? P256.Signing.PrivateKey(pemRepresentation: pem) {
                    Array(try key.signature(for: digest).rawRepresentation)
                } else if let key = try? P384.Signing.PrivateKey(pemRepresentation: pem) {
                    Array(try key.signature(for: digest).rawRepresentation)
                } else {
                    Array(try P521.Signing.PrivateKey(pemRepresentation: pem).signature(for: digest).rawRepresentation)
                }
            self = .ecdsa(r: Array(raw.prefix(raw.count / 2)), s: Array(raw.suffix(raw.count / 2)))
        case nil: throw AttestationError(.internalError, "unsupported private key type; use an RSA or ECDSA key")
        }
    }

    func isValid(for digest: SHA256Digest, by key: Certificate.PublicKey) -> Bool {
        switch self {
        case .rsa(let signature):
            guard let key = _RSA.Signing.PublicKey(key) else { return false }
            return RSAPSS.isValidSignature(signature, for: digest, by: key)
        case .ecdsa(let r, let s):
            return Self.isValid(r: r, s: s, for: digest, by: key)
        }
    }

    /// Checks an ECDSA signature on the curve of the key.
    static func isValid(
        r: [UInt8], s: [UInt8], for digest: some Digest, by key: Certificate.PublicKey
    ) -> Bool {
        func raw(_ length: Int) -> [UInt8]? {
            guard let r = padded(r, to: length), let s = padded(s, to: length) else { return nil }
            return r + s
        }
        if let key = P256.Signing.PublicKey(key), let raw = raw(32),
            let signature = try? P256.Signing.ECDSASignature(rawRepresentation: raw)
        {
            return key.isValidSignature(signature, for: digest)
        }
        if let key = P384.Signing.PublicKey(key), let raw = raw(48),
            let signature = try? P384.Signing.ECDSASignature(rawRepresentation: raw)
        {
            return key.isValidSignature(signature, for: digest)
        }
        if let key = P521.Signing.PublicKey(key), let raw = raw(66),
            let signature = try? P521.Signing.ECDSASignature(rawRepresentation: raw)
        {
            return key.isValidSignature(signature, for: digest)
        }
        return false
    }

    /// `nil` when the number has more bytes.
    private static func padded(_ number: [UInt8], to length: Int) -> [UInt8]? {
        let digits = number.drop { $0 == 0 }
        guard digits.count <= length else { return nil }
        return Array(repeating: 0, count: length - digits.count) + digits
    }
}
