// SPDX-License-Identifier: Apache-2.0

import Crypto
import SPIFFE

extension X509Authority {
    /// SHA-256 of the certificate, as `openssl x509 -fingerprint -sha256` writes it.
    var fingerprint: String {
        SHA256.hash(data: derBytes).map { byte in
            let digits = String(byte, radix: 16, uppercase: true)
            return digits.count == 1 ? "0\(digits)" : digits
        }.joined(separator: ":")
    }
}
