// SPDX-License-Identifier: Apache-2.0

/// Reads the numbers, strings and characters of a template, in Go's spelling.
struct TemplateLiteral {
    private let source: TemplateSource
    private let start: Int
    private(set) var position: Int

    init(_ source: TemplateSource, from position: Int) {
        self.source = source
        self.position = position
        start = position
    }

    // MARK: - Quotes

    mutating func quoted() throws(TemplateError) -> TemplateToken.Kind {
        let quote = source.bytes[position]
        position += 1
        if quote == UInt8(ascii: "`") { return try raw() }
        var text: [UInt8] = []
        var characters = 0
        while true {
            guard let byte = next(), byte != UInt8(ascii: "\n") else {
                let what = quote == UInt8(ascii: "'") ? "character constant" : "quoted string"
                throw source.syntaxError("unterminated \(what)", at: start)
            }
            if byte == quote { break }
            // Continuation bytes belong to the character that they continue.
            if byte & 0xC0 != 0x80 { characters += 1 }
            guard byte == UInt8(ascii: "\\") else {
                text.append(byte)
                continue
            }
            text += try escape(quote)
        }
        guard quote == UInt8(ascii: "'") else { return .string(String(decoding: text, as: UTF8.self)) }
        guard characters == 1, let scalar = String(decoding: text, as: UTF8.self).unicodeScalars.first else {
            throw source.syntaxError("malformed character constant", at: start)
        }
        return .integer(Int64(scalar.value))
    }

    private mutating func raw() throws(TemplateError) -> TemplateToken.Kind {
        let first = position
        while let byte = next() {
            guard byte == UInt8(ascii: "`") else { continue }
            let text = source.bytes[first..<(position - 1)].filter { $0 != UInt8(ascii: "\r") }
            return .string(String(decoding: text, as: UTF8.self))
        }
        throw source.syntaxError("unterminated raw quoted string", at: start)
    }

    private mutating func escape(_ quote: UInt8) throws(TemplateError) -> [UInt8] {
        switch next() {
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "a"): return [0x07]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "v"): return [0x0B]
        case UInt8(ascii: "\\"): return [UInt8(ascii: "\\")]
        case quote: return [quote]
        case UInt8(ascii: "x"): return [UInt8(truncatingIfNeeded: try hexadecimal(2))]
        case UInt8(ascii: "u"): return try scalar(4)
        case UInt8(ascii: "U"): return try scalar(8)
        default: throw source.syntaxError("invalid syntax in quoted string", at: start)
        }
    }

    private mutating func scalar(_ digits: Int) throws(TemplateError) -> [UInt8] {
        guard let scalar = Unicode.Scalar(try hexadecimal(digits)) else {
            throw source.syntaxError("invalid syntax in quoted string", at: start)
        }
        return Array(String(Character(scalar)).utf8)
    }

    private mutating func hexadecimal(_ digits: Int) throws(TemplateError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<digits {
            guard let byte = next(), let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw source.syntaxError("invalid syntax in quoted string", at: start)
            }
            value = value << 4 | UInt32(digit)
        }
        return value
    }

    // MARK: - Numbers

    mutating func number() throws(TemplateError) -> TemplateToken.Kind {
        while let byte = peek(), Self.mayBeOfNumber(byte, after: source.bytes[..<position].last) { position += 1 }
        let text = String(decoding: source.bytes[start..<position], as: UTF8.self)
        if let integer = Self.integer(text) { return .integer(integer) }
        let digits = text.replacing("_", with: "")
        guard text.contains(where: \.isNumber), !text.lowercased().hasPrefix("0x"), let float = Double(digits) else {
            throw source.syntaxError("bad number syntax: \"\(text)\"", at: start)
        }
        return .float(float)
    }

    private static func integer(_ text: String) -> Int64? {
        let isNegative = text.hasPrefix("-")
        var digits = text.drop { $0 == "-" || $0 == "+" }.lowercased().replacing("_", with: "")
        var radix = 10
        for (prefix, base) in [("0x", 16), ("0o", 8), ("0b", 2)] where digits.hasPrefix(prefix) {
            digits.removeFirst(2)
            radix = base
        }
        if radix == 10, digits.count > 1, digits.hasPrefix("0") { radix = 8 }
        return Int64((isNegative ? "-" : "") + digits, radix: radix)
    }

    private static func mayBeOfNumber(_ byte: UInt8, after last: UInt8?) -> Bool {
        switch byte {
        case UInt8(ascii: "+"), UInt8(ascii: "-"):
            // A sign stands first or after an exponent.
            return last.map { [UInt8(ascii: "e"), UInt8(ascii: "E")].contains($0) || !mayBeOfNumber($0, after: nil) }
                ?? true
        case UInt8(ascii: "."), UInt8(ascii: "_"): return true
        default:
            let character = Character(Unicode.Scalar(byte))
            return byte < 0x80 && (character.isLetter || character.isNumber)
        }
    }

    // MARK: - Bytes

    private func peek() -> UInt8? {
        source.bytes.indices.contains(position) ? source.bytes[position] : nil
    }

    private mutating func next() -> UInt8? {
        guard let byte = peek() else { return nil }
        position += 1
        return byte
    }
}
