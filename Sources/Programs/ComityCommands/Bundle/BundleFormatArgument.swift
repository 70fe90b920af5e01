// SPDX-License-Identifier: Apache-2.0

import SPIFFE

extension BundleFormat {
    /// Reads `pem` or `spiffe` in any letter case.
    ///
    /// - Throws: ``CommandError`` with code `input`.
    init(argument text: String) throws(CommandError) {
        switch text.lowercased() {
        case "pem": self = .pem
        case "spiffe": self = .spiffe
        default: throw CommandError(.input, "invalid format: \(text.quoted)")
        }
    }
}
