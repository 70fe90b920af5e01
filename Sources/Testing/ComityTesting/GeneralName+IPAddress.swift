// SPDX-License-Identifier: Apache-2.0

import SwiftASN1
package import X509

extension GeneralName {
    /// An IPv4 address.
    package static func ipAddress(_ octets: UInt8...) -> GeneralName {
        .ipAddress(ASN1OctetString(contentBytes: octets[...]))
    }
}
