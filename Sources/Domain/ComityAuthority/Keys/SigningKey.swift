// SPDX-License-Identifier: Apache-2.0

import Crypto
import FoundationEssentials
package import X509
import _CryptoExtras

/// A private key by name. Printing it shows the name and the type only.
package struct SigningKey: Sendable {
    private enum Material: Sendable {
        case p256(P256.Signing.PrivateKey)
        case p384(P384.Signing.PrivateKey)
        case rsa(_RSA.Signing.PrivateKey)
    }

    package let id: String
    package let type: KeyType
    package let publicKey: Certificate.PublicKey
    private let material: Material

    private init(id: String, type: KeyType, material: Material) {
        self.id = id
        self.type = type
        self.material = material
        publicKey =
            switch material {
            case .p256(let key): Certificate.PublicKey(key.publicKey)
            case .p384(let key): Certificate.PublicKey(key.publicKey)
            case .rsa(let key): Certificate.PublicKey(key.publicKey)
            }
    }

    /// Makes a new key. RSA takes up to seconds.
    package init(generating type: KeyType, id: String) throws(AuthorityError) {
        do {
            let material: Material =
                switch type {
                case .ecP256: .p256(P256.Signing.PrivateKey())
                case .ecP384: .p384(P384.Signing.PrivateKey())
                case .rsa2048: .rsa(try _RSA.Signing.PrivateKey(keySize: .bits2048))
                case .rsa4096: .rsa(try _RSA.Signing.PrivateKey(keySize: .bits4096))
                }
            self.init(id: id, type: type, material: material)
        } catch {
            throw AuthorityError(.invalidKey, "\(type.rawValue) key cannot be made", cause: error)
        }
    }

    /// Reads a private key in PKCS#8 DER.
    package init(pkcs8DER der: [UInt8], id: String) throws(AuthorityError) {
        if let key = try? P256.Signing.PrivateKey(derRepresentation: der) {
            self.init(id: id, type: .ecP256, material: .p256(key))
        } else if let key = try? P384.Signing.PrivateKey(derRepresentation: der) {
            self.init(id: id, type: .ecP384, material: .p384(key))
        } else if let key = try? _RSA.Signing.PrivateKey(derRepresentation: der),
            let type = Self.rsaTypes[key.keySizeInBits]
        {
            self.init(id: id, type: type, material: .rsa(key))
        } else {
            let supported = KeyType.allCases.map(\.rawValue).joined(separator: ", ")
            throw AuthorityError(
                .invalidKey, "key \"\(id)\" is damaged or of an unsupported type; supported are \(supported)")
        }
    }

    private static let rsaTypes: [Int: KeyType] = [2048: .rsa2048, 4096: .rsa4096]

    /// The private key in PKCS#8 DER: a secret.
    package var pkcs8DER: [UInt8] {
        switch material {
        case .p256(let key): Array(key.derRepresentation)
        case .p384(let key): Array(key.derRepresentation)
        case .rsa(let key): Array(key.pkcs8DERRepresentation)
        }
    }

    /// The same key as TLS and swift-certificates take it.
    package var certificateKey: Certificate.PrivateKey {
        switch material {
        case .p256(let key): Certificate.PrivateKey(key)
        case .p384(let key): Certificate.PrivateKey(key)
        case .rsa(let key): Certificate.PrivateKey(key)
        }
    }

    /// Signs with SHA-256, or SHA-384 for P-384: `r` and `s` side by side for EC (RFC 7518 §3.4), PKCS#1 v1.5 for RSA.
    package func signature(for message: [UInt8]) throws(AuthorityError) -> [UInt8] {
        do {
            switch material {
            case .p256(let key):
                return Array(try key.signature(for: SHA256.hash(data: message)).rawRepresentation)
            case .p384(let key):
                return Array(try key.signature(for: SHA384.hash(data: message)).rawRepresentation)
            case .rsa(let key):
                let digest = SHA256.hash(data: message)
                return Array(try key.signature(for: digest, padding: .insecurePKCS1v1_5).rawRepresentation)
            }
        } catch {
            throw AuthorityError(.signing, "key \"\(id)\" cannot sign", cause: error)
        }
    }
}

extension SigningKey: CustomStringConvertible, CustomReflectable {
    package var description: String { "\(type.rawValue) key \"\(id)\"" }

    // Dumps and test failures must not show the material either.
    package var customMirror: Mirror { Mirror(self, children: ["id": id, "type": type]) }
}
