// SPDX-License-Identifier: Apache-2.0

/// Reads an HCL string in quotes: Go's escapes, and `${…}` verbatim with its own quotes and newlines.
struct QuotedStringReader {
    private(set) var cursor: SourceCursor

    init(cursor: SourceCursor) {
        self.cursor = cursor
    }

    mutating func read() throws(ConfigurationSyntaxError) -> String {
        let opened = cursor.place
        cursor.advance()
        var bytes: [UInt8] = []
        var braces = 0
        while let byte = cursor.peek() {
            if braces == 0 {
                if byte == UInt8(ascii: "\n") { break }
                if byte == UInt8(ascii: "\"") {
                    cursor.advance()
                    return try text(of: bytes, at: opened)
                }
                if byte == UInt8(ascii: "\\") {
                    bytes += try escape()
                    continue
                }
                if byte == UInt8(ascii: "$"), cursor.peek(1) == UInt8(ascii: "{") {
                    cursor.advance()
                    bytes.append(byte)
                }
            }
            let copied = cursor.advance() ?? byte
            bytes.append(copied)
            if copied == UInt8(ascii: "{"), braces > 0 || bytes.dropLast().last == UInt8(ascii: "$") { braces += 1 }
            if copied == UInt8(ascii: "}"), braces > 0 { braces -= 1 }
        }
        throw ConfigurationSyntaxError("string is not closed: \"\\\"\" is missing", at: opened)
    }

    private func text(
        of bytes: [UInt8], at place: ConfigurationPlace
    ) throws(ConfigurationSyntaxError) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ConfigurationSyntaxError("escapes of the string do not form valid UTF-8", at: place)
        }
        return text
    }

    private mutating func escape() throws(ConfigurationSyntaxError) -> [UInt8] {
        let place = cursor.place
        cursor.advance()
        let marker = cursor.peek()
        if let marker, UInt8(ascii: "0")...UInt8(ascii: "7") ~= marker {
            return [try byte(cursor.readDigits(3, radix: 8), at: place)]
        }
        cursor.advance()
        switch marker {
        case UInt8(ascii: "a"): return [7]
        case UInt8(ascii: "b"): return [8]
        case UInt8(ascii: "f"): return [12]
        case UInt8(ascii: "n"): return [10]
        case UInt8(ascii: "r"): return [13]
        case UInt8(ascii: "t"): return [9]
        case UInt8(ascii: "v"): return [11]
        case UInt8(ascii: "\\"): return [UInt8(ascii: "\\")]
        case UInt8(ascii: "\""): return [UInt8(ascii: "\"")]
        case UInt8(ascii: "x"): return [try byte(cursor.readDigits(2, radix: 16), at: place)]
        case UInt8(ascii: "u"): return try scalar(cursor.readDigits(4, radix: 16), at: place)
        case UInt8(ascii: "U"): return try scalar(cursor.readDigits(8, radix: 16), at: place)
        default: throw invalid(at: place)
        }
    }

    private func byte(_ code: UInt32?, at place: ConfigurationPlace) throws(ConfigurationSyntaxError) -> UInt8 {
        guard let code, let byte = UInt8(exactly: code) else { throw invalid(at: place) }
        return byte
    }

    private func scalar(_ code: UInt32?, at place: ConfigurationPlace) throws(ConfigurationSyntaxError) -> [UInt8] {
        guard let code, let scalar = Unicode.Scalar(code) else { throw invalid(at: place) }
        return Array(String(scalar).utf8)
    }

    private func invalid(at place: ConfigurationPlace) -> ConfigurationSyntaxError {
        ConfigurationSyntaxError("unknown escape in a string", at: place)
    }
}
