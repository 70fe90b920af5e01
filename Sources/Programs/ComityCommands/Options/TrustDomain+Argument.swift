// SPDX-License-Identifier: Apache-2.0

import SPIFFE

extension TrustDomain {
    /// Reads a trust domain that a user typed, as a name or an ID.
    ///
    /// - Throws: ``CommandError`` with code `input`; upper case is named as the fault that it is.
    init(argument text: String) throws(CommandError) {
        do {
            try self.init(nameOrID: text)
        } catch {
            let lowered = text.lowercased()
            guard lowered != text, let fitting = try? TrustDomain(nameOrID: lowered) else {
                throw CommandError(.input, "invalid trust domain \(text.quoted)", cause: error)
            }
            throw CommandError(
                .input,
                "invalid trust domain \(text.quoted): trust domain names are lower case only; if "
                    + "\(fitting.name.quoted) is its name, write that")
        }
    }
}
