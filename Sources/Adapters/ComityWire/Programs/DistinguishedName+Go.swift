// SPDX-License-Identifier: Apache-2.0

import SwiftASN1
import X509

extension DistinguishedName {
    private static let serialNumber: ASN1ObjectIdentifier = [2, 5, 4, 5]

    /// As Go writes it, which knows one attribute more by name than the library does.
    var textOfGo: String {
        reversed().map { name in
            name.map { attribute in
                attribute.type == Self.serialNumber
                    ? "SERIALNUMBER=\(attribute.value)" : "\(attribute)"
            }.joined(separator: "+")
        }.joined(separator: ",")
    }
}
