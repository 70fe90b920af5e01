// SPDX-License-Identifier: Apache-2.0

extension String {
    /// The text between double quotes, with everything escaped that could break a line of a log or a terminal.
    ///
    /// Only so much of it is shown that a hostile text does not become a long message.
    package var quoted: String {
        var result = "\""
        for scalar in unicodeScalars.prefix(256) {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case "\u{20}"..."\u{7E}": result.unicodeScalars.append(scalar)
            default: result += scalar.escaped(asASCII: true)
            }
        }
        return result + "\""
    }
}

extension [String] {
    /// The texts quoted and separated by spaces between brackets, as Go prints a list by `%q`.
    ///
    /// Only the first ones are shown.
    package var quoted: String {
        "[" + prefix(16).map(\.quoted).joined(separator: " ") + "]"
    }
}
