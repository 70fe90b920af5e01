// SPDX-License-Identifier: Apache-2.0

import SwiftASN1
import X509

extension JWTAuthority {
    /// Reads the public key from the DER of its SubjectPublicKeyInfo (RFC 5280 §4.1.2.7).
    ///
    /// - Throws: ``SPIFFEError`` with code `invalidKey`.
    public init(keyID: String, publicKeyDERBytes bytes: [UInt8]) throws(SPIFFEError) {
        do {
            self.init(keyID: keyID, publicKey: try Certificate.PublicKey(derEncoded: bytes))
        } catch {
            throw SPIFFEError(.invalidKey, "JWT authority is not a DER public key", cause: error)
        }
    }

    /// The DER of the key's SubjectPublicKeyInfo.
    ///
    /// - Throws: ``SPIFFEError`` with code `invalidKey` when the key cannot be encoded.
    public func publicKeyDERBytes() throws(SPIFFEError) -> [UInt8] {
        do {
            var serializer = DER.Serializer()
            try serializer.serialize(publicKey)
            return serializer.serializedBytes
        } catch {
            throw SPIFFEError(.invalidKey, "JWT authority cannot be encoded", cause: error)
        }
    }
}
