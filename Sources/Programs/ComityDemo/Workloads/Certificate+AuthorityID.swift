// SPDX-License-Identifier: Apache-2.0

import X509

extension Certificate {
    /// What servers call this authority: its subject key ID in hexadecimal digits.
    var authorityID: String {
        let keyID = (try? extensions.subjectKeyIdentifier)?.keyIdentifier ?? []
        return keyID.map { byte in
            let digits = String(byte, radix: 16)
            return byte < 16 ? "0" + digits : digits
        }.joined()
    }
}
