// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import X509

extension [Certificate] {
    /// Hex key identifiers of those who signed the certificates, as far as they are named.
    var signerKeyIDs: Set<String> {
        Set(compactMap(\.signerKeyID))
    }
}

extension Certificate {
    fileprivate var signerKeyID: String? {
        guard let identifier = try? extensions.authorityKeyIdentifier?.keyIdentifier else { return nil }
        return [UInt8](identifier).hex
    }
}
