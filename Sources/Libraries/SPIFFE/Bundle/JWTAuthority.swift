// SPDX-License-Identifier: Apache-2.0

public import X509

/// A public key that is trusted to sign JWT-SVIDs of one trust domain.
public struct JWTAuthority: Hashable, Sendable {
    /// The `kid` of the key: case-sensitive, not empty.
    public let keyID: String

    /// The key that signatures are checked by.
    public let publicKey: Certificate.PublicKey

    /// Takes a key with its ID.
    public init(keyID: String, publicKey: Certificate.PublicKey) {
        self.keyID = keyID
        self.publicKey = publicKey
    }

    /// Says whether an algorithm of JWT-SVID can be used with the key (JWT-SVID §2.1, decision D-10).
    package var fitsAnyAlgorithm: Bool {
        JWTAlgorithm.allCases.contains { $0.fits(publicKey) }
    }
}
