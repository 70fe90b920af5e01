// SPDX-License-Identifier: Apache-2.0

import Crypto
package import SPIFFE
package import X509

extension X509Authority {
    /// The subject key identifier in the certificate, or the one the key would get (RFC 5280 §4.2.1.2 method 1).
    package var subjectKeyIdentifier: [UInt8] {
        if let identifier = try? certificate.extensions.subjectKeyIdentifier {
            return Array(identifier.keyIdentifier)
        }
        return certificate.publicKey.keyIdentifier
    }
}

extension Certificate.PublicKey {
    /// RFC 5280 §4.2.1.2, method 1: SHA-1 of the key's bits.
    package var keyIdentifier: [UInt8] {
        Array(Insecure.SHA1.hash(data: subjectPublicKeyInfoBytes))
    }
}

extension [UInt8] {
    /// Lower-case hexadecimal digits.
    package var hex: String {
        String(decoding: flatMap { [Self.digits[Int($0 >> 4)], Self.digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    private static let digits = Array("0123456789abcdef".utf8)
}
