// SPDX-License-Identifier: Apache-2.0

/// A reading position in the text of a configuration file, that knows its line and column.
struct SourceCursor {
    private let bytes: [UInt8]
    private(set) var offset = 0
    private(set) var place = ConfigurationPlace(line: 1, column: 1)

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    var isAtEnd: Bool { offset == bytes.count }

    func peek(_ distance: Int = 0) -> UInt8? {
        let index = offset + distance
        return index < bytes.count ? bytes[index] : nil
    }

    @discardableResult
    mutating func advance() -> UInt8? {
        guard offset < bytes.count else { return nil }
        let byte = bytes[offset]
        offset += 1
        if byte == UInt8(ascii: "\n") {
            place = ConfigurationPlace(line: place.line + 1, column: 1)
        } else if byte & 0xC0 != 0x80 {
            place.column += 1
        }
        return byte
    }

    mutating func skip(_ byte: UInt8) -> Bool {
        guard peek() == byte else { return false }
        advance()
        return true
    }

    mutating func skipWhitespace() {
        while let byte = peek(), Self.isWhitespace(byte) {
            advance()
        }
    }

    /// Consumes the rest of the line and its newline.
    mutating func readLine() -> [UInt8] {
        let start = offset
        while let byte = peek(), byte != UInt8(ascii: "\n") {
            advance()
        }
        let line = Array(bytes[start..<offset])
        advance()
        return line
    }

    mutating func readWhile(_ isWanted: (UInt8) -> Bool) -> String {
        let start = offset
        while let byte = peek(), isWanted(byte) {
            advance()
        }
        return String(decoding: bytes[start..<offset], as: UTF8.self)
    }

    /// Reads exactly `count` digits of a base; nil when others come first.
    mutating func readDigits(_ count: Int, radix: Int) -> UInt32? {
        var value: UInt32 = 0
        for _ in 0..<count {
            guard let byte = peek(), let digit = Character(Unicode.Scalar(byte)).hexDigitValue, digit < radix else {
                return nil
            }
            value = value &* UInt32(radix) &+ UInt32(digit)
            advance()
        }
        return value
    }

    /// What stands at the cursor, in the words of a fault.
    var found: String {
        guard let byte = peek() else { return "the end of the file" }
        if byte == UInt8(ascii: "\n") { return "the end of the line" }
        guard byte >= 0x20, byte != 0x7F else { return "a control character" }
        var end = offset + 1
        while end < bytes.count, bytes[end] & 0xC0 == 0x80 {
            end += 1
        }
        return "\"\(String(decoding: bytes[offset..<end], as: UTF8.self))\""
    }

    static func isWhitespace(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\n")
            || byte == UInt8(ascii: "\r")
    }

    static func isDigit(_ byte: UInt8) -> Bool {
        UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
    }
}
