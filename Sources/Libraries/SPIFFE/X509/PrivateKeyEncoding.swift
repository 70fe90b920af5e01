// SPDX-License-Identifier: Apache-2.0

import SwiftASN1
package import X509

/// PKCS#8 output of private keys (RFC 5958).
package enum PrivateKeyEncoding {
    private static let rsaEncryption: ASN1ObjectIdentifier = [1, 2, 840, 113_549, 1, 1, 1]

    package static func pkcs8DER(of key: Certificate.PrivateKey) throws(SPIFFEError) -> [UInt8] {
        do {
            let document = try key.serializeAsPEM()
            switch document.discriminator {
            case "PRIVATE KEY": return document.derBytes
            case "RSA PRIVATE KEY": return try wrapped(pkcs1: document.derBytes)
            default: throw SPIFFEError(.invalidKey, "private key has no PKCS#8 form")
            }
        } catch {
            throw SPIFFEError(.invalidKey, "private key cannot be exported")
        }
    }

    private static func wrapped(pkcs1: [UInt8]) throws -> [UInt8] {
        var serializer = DER.Serializer()
        try serializer.appendConstructedNode(identifier: .sequence) { outer in
            try outer.serialize(0)
            try outer.appendConstructedNode(identifier: .sequence) { algorithm in
                try algorithm.serialize(rsaEncryption)
                try algorithm.serialize(ASN1Null())
            }
            try outer.serialize(ASN1OctetString(contentBytes: pkcs1[...]))
        }
        return serializer.serializedBytes
    }
}
