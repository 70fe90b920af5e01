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
