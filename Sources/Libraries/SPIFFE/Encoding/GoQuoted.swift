// SPDX-License-Identifier: Apache-2.0

/// Text in quotes as Go's `%q` writes it: nothing in it can end the line or forge a field.
package enum GoQuoted {
    /// logrus leaves values of these characters bare.
    package static func needsQuotes(_ text: String) -> Bool {
        !text.utf8.allSatisfy(isBare)
    }

    package static func text(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            append(scalar, to: &quoted)
        }
        return quoted + "\""
    }

    /// A key that stays one word: keys of ours are, keys from elsewhere may not be.
    package static func key(_ name: String) -> String {
        needsQuotes(name) ? text(name) : name
    }

    private static func isBare(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: "-._/@^+".utf8.contains(byte)
        }
    }

    private static func append(_ scalar: Unicode.Scalar, to text: inout String) {
        switch scalar {
        case "\"": text += "\\\""
        case "\\": text += "\\\\"
        case "\u{7}": text += "\\a"
        case "\u{8}": text += "\\b"
        case "\u{C}": text += "\\f"
        case "\n": text += "\\n"
        case "\r": text += "\\r"
        case "\t": text += "\\t"
        case "\u{B}": text += "\\v"
        case " "..."~": text.unicodeScalars.append(scalar)
        default:
            if isPrintable(scalar) {
                text.unicodeScalars.append(scalar)
            } else if scalar.value < 0x80 {
                text += "\\x" + hex(scalar.value, digits: 2)
            } else if scalar.value < 0x10000 {
                text += "\\u" + hex(scalar.value, digits: 4)
            } else {
                text += "\\U" + hex(scalar.value, digits: 8)
            }
        }
    }

    /// Letters, marks, numbers, punctuation and symbols (Go's `unicode.IsPrint`).
    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .spaceSeparator, .lineSeparator,
            .paragraphSeparator:
            false
        default:
            scalar.value >= 0x80
        }
    }

    package static func hex(_ value: UInt32, digits: Int) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
