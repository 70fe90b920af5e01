// SPDX-License-Identifier: Apache-2.0

import ComityWire
import SPIFFE
import ServerAPIProtos

extension Spire_Api_Types_SPIFFEID {
    /// Reads a SPIFFE ID that a user typed.
    ///
    /// - Throws: ``CommandError`` with code `input`.
    init(argument text: String) throws(CommandError) {
        self.init(try SPIFFEID(argument: text))
    }
}

extension SPIFFEID {
    /// Reads a SPIFFE ID that a user typed.
    ///
    /// - Throws: ``CommandError`` with code `input`.
    init(argument text: String) throws(CommandError) {
        do {
            try self.init(text)
        } catch {
            throw CommandError(.input, "invalid SPIFFE ID \(text.quoted)", cause: error)
        }
    }
}

extension Spire_Api_Types_Selector {
    /// Reads `type:value`.
    ///
    /// - Throws: ``CommandError`` with code `input`.
    init(argument text: String) throws(CommandError) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else {
            throw CommandError(.input, "selector \(text.quoted) must be formatted as type:value")
        }
        self.init()
        type = String(parts[0])
        value = String(parts[1])
    }
}
