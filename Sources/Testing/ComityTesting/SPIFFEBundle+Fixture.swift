// SPDX-License-Identifier: Apache-2.0

import Crypto
package import SPIFFE
import X509

extension SPIFFEBundle {
    /// A bundle of JWT authorities only, whose content differs with the key IDs; equal arguments give equal bundles.
    package static func fixture(
        of trustDomain: TrustDomain, keys: [String] = ["a"], sequence: UInt64? = nil, hint: Int64? = nil
    ) throws -> SPIFFEBundle {
        let authorities = try keys.map { keyID in
            let seed = Array(SHA256.hash(data: Array("\(trustDomain) \(keyID)".utf8)))
            let key = try P256.Signing.PrivateKey(rawRepresentation: seed)
            return JWTAuthority(keyID: keyID, publicKey: Certificate.PublicKey(key.publicKey))
        }
        return SPIFFEBundle(
            trustDomain: trustDomain, jwtAuthorities: authorities, sequenceNumber: sequence, refreshHint: hint)
    }
}
