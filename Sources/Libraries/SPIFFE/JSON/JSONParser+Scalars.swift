// SPDX-License-Identifier: Apache-2.0

extension JSONParser {
    /// The longest number that is read, in bytes; longer ones only cost time.
    private static let maximumNumberLength = 512

    mutating func parseNumber() throws(SPIFFEError) -> JSONNumber {
        let start = position
        _ = skip(UInt8(ascii: "-"))
        if !skip(UInt8(ascii: "0")) {
            try skipDigits()
        }
        if skip(UInt8(ascii: ".")) {
            try skipDigits()
        }
        if skip(UInt8(ascii: "e")) || skip(UInt8(ascii: "E")) {
            _ = skip(UInt8(ascii: "+")) || skip(UInt8(ascii: "-"))
            try skipDigits()
        }
        guard position - start <= Self.maximumNumberLength else {
            position = start
            throw failure("number is longer than \(Self.maximumNumberLength) bytes")
        }
        return JSONNumber(validated: String(decoding: bytes[start..<position], as: UTF8.self))
    }

    private mutating func skipDigits() throws(SPIFFEError) {
        let start = position
        while let current, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(current) {
            position += 1
        }
        guard position > start else {
            throw failure("expected a digit")
        }
    }

    mutating func parseString() throws(SPIFFEError) -> String {
        position += 1
        let start = position
        try skipPlainText()
        if current == UInt8(ascii: "\"") {
            let text = try decode(bytes[start..<position], from: start)
            position += 1
            return text
        }
        return try parseEscapedString(from: start)
    }

    /// Moves to the next quote or backslash.
    private mutating func skipPlainText() throws(SPIFFEError) {
        while let current, current != UInt8(ascii: "\""), current != UInt8(ascii: "\\") {
            guard current >= 0x20 else {
                throw failure("control character in a string")
            }
            position += 1
        }
        guard position < bytes.count else {
            throw failure("string is not closed")
        }
    }

    private mutating func parseEscapedString(from start: Int) throws(SPIFFEError) -> String {
        var unescaped = Array(bytes[start..<position])
        while !skip(UInt8(ascii: "\"")) {
            if skip(UInt8(ascii: "\\")) {
                let scalar = try parseEscape()
                unescaped += scalar.utf8
            } else {
                let plain = position
                try skipPlainText()
                unescaped.append(contentsOf: bytes[plain..<position])
            }
        }
        return try decode(unescaped[...], from: start)
    }

    private mutating func parseEscape() throws(SPIFFEError) -> Unicode.Scalar {
        guard let current else {
            throw failure("string is not closed")
        }
        let simple: Unicode.Scalar? =
            switch current {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): Unicode.Scalar(current)
            case UInt8(ascii: "b"): "\u{08}"
            case UInt8(ascii: "f"): "\u{0C}"
            case UInt8(ascii: "n"): "\n"
            case UInt8(ascii: "r"): "\r"
            case UInt8(ascii: "t"): "\t"
            case UInt8(ascii: "u"): nil
            default: throw failure("unknown escape in a string")
            }
        position += 1
        if let simple { return simple }
        return try parseUnicodeEscape()
    }

    /// Reads what follows `\u`, with the second half of a surrogate pair.
    private mutating func parseUnicodeEscape() throws(SPIFFEError) -> Unicode.Scalar {
        let first = try parseHexadecimal()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard (0xD800...0xDBFF).contains(first), skip(UInt8(ascii: "\\")), skip(UInt8(ascii: "u")) else {
            throw failure("lone surrogate in a string")
        }
        let second = try parseHexadecimal()
        guard
            (0xDC00...0xDFFF).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else {
            throw failure("lone surrogate in a string")
        }
        return scalar
    }

    private mutating func parseHexadecimal() throws(SPIFFEError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let current, let digit = Character(Unicode.Scalar(current)).hexDigitValue else {
                throw failure("expected four hexadecimal digits")
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }

    private func decode(_ text: ArraySlice<UInt8>, from start: Int) throws(SPIFFEError) -> String {
        guard let string = String(validating: text, as: UTF8.self) else {
            throw failure("string that begins at byte \(start) is not UTF-8")
        }
        return string
    }
}
