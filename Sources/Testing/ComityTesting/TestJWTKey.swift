// SPDX-License-Identifier: Apache-2.0

import Crypto
import FoundationEssentials
package import SPIFFE
package import X509
import _CryptoExtras

/// A signing key for tokens, right ones and wrong ones.
///
/// ```swift
/// let key = try TestJWTKey(.es256, keyID: "a")
/// let token = try key.token(claims: ["sub": "spiffe://example.org/web", "aud": ["db"], "exp": 1_767_229_200])
/// ```
package struct TestJWTKey: Sendable {
    private enum Material: Sendable {
        case p256(P256.Signing.PrivateKey)
        case p384(P384.Signing.PrivateKey)
        case p521(P521.Signing.PrivateKey)
        case rsa(_RSA.Signing.PrivateKey)
    }

    package let algorithm: JWTAlgorithm
    package let keyID: String
    private let material: Material

    package init(_ algorithm: JWTAlgorithm = .es256, keyID: String = "key") throws {
        self.algorithm = algorithm
        self.keyID = keyID
        material =
            switch algorithm {
            case .es256: .p256(P256.Signing.PrivateKey())
            case .es384: .p384(P384.Signing.PrivateKey())
            case .es512: .p521(P521.Signing.PrivateKey())
            case .rs256, .rs384, .rs512, .ps256, .ps384, .ps512:
                .rsa(try _RSA.Signing.PrivateKey(keySize: .bits2048))
            }
    }

    package var publicKey: Certificate.PublicKey {
        switch material {
        case .p256(let key): Certificate.PublicKey(key.publicKey)
        case .p384(let key): Certificate.PublicKey(key.publicKey)
        case .p521(let key): Certificate.PublicKey(key.publicKey)
        case .rsa(let key): Certificate.PublicKey(key.publicKey)
        }
    }

    /// What belongs into the bundle.
    package var authority: JWTAuthority {
        JWTAuthority(keyID: keyID, publicKey: publicKey)
    }

    /// `alg`, `kid` and `typ` as an issuer writes them.
    package var header: JSONValue {
        ["alg": .string(algorithm.rawValue), "kid": .string(keyID), "typ": "JWT"]
    }

    /// A signed token; `header` replaces the right one.
    package func token(header: JSONValue? = nil, claims: JSONValue) throws -> String {
        try token(headerText: "\(header ?? self.header)", claimsText: "\(claims)")
    }

    /// A signed token of any two texts, be they JSON or not.
    package func token(headerText: String, claimsText: String) throws -> String {
        let input = Base64.url.encode(Array(headerText.utf8)) + "." + Base64.url.encode(Array(claimsText.utf8))
        return input + "." + Base64.url.encode(try signature(for: Array(input.utf8)))
    }

    /// A signature in JWS form by the key's own algorithm.
    package func signature(for input: [UInt8]) throws -> [UInt8] {
        switch algorithm {
        case .es256, .rs256, .ps256: try signature(for: SHA256.hash(data: input))
        case .es384, .rs384, .ps384: try signature(for: SHA384.hash(data: input))
        case .es512, .rs512, .ps512: try signature(for: SHA512.hash(data: input))
        }
    }

    private func signature(for digest: some Digest) throws -> [UInt8] {
        switch material {
        case .p256(let key): Array(try key.signature(for: digest).rawRepresentation)
        case .p384(let key): Array(try key.signature(for: digest).rawRepresentation)
        case .p521(let key): Array(try key.signature(for: digest).rawRepresentation)
        case .rsa(let key):
            Array(
                try key.signature(
                    for: digest, padding: algorithm.rawValue.hasPrefix("PS") ? .PSS : .insecurePKCS1v1_5
                ).rawRepresentation)
        }
    }
}
