// SPDX-License-Identifier: Apache-2.0

public import X509

/// A public key that is trusted to sign JWT-SVIDs of one trust domain.
public struct JWTAuthority: Hashable, Sendable {
    /// The `kid` of the key: case-sensitive, not empty.
    public let keyID: String

    public let publicKey: Certificate.PublicKey

    public init(keyID: String, publicKey: Certificate.PublicKey) {
        self.keyID = keyID
        self.publicKey = publicKey
    }
}
