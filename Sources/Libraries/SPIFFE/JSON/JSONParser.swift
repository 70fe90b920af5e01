// SPDX-License-Identifier: Apache-2.0

/// A recursive-descent reader of one JSON text; its depth is bounded, so that the stack is.
struct JSONParser {
    let bytes: [UInt8]
    var position = 0
    private var depth = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func parseDocument() throws(SPIFFEError) -> JSONValue {
        skipWhiteSpace()
        let value = try parseValue()
        skipWhiteSpace()
        guard position == bytes.count else {
            throw failure("unexpected data after the value")
        }
        return value
    }

    var current: UInt8? {
        position < bytes.count ? bytes[position] : nil
    }

    func failure(_ reason: String) -> SPIFFEError {
        let before = bytes.prefix(position)
        let line = before.count { $0 == UInt8(ascii: "\n") } + 1
        let column = position - (before.lastIndex(of: UInt8(ascii: "\n")) ?? -1)
        return SPIFFEError(.invalidJSON, "invalid JSON at line \(line), column \(column): \(reason)")
    }

    private mutating func parseValue() throws(SPIFFEError) -> JSONValue {
        guard let current else {
            throw failure("unexpected end")
        }
        switch current {
        case UInt8(ascii: "{"): return .object(try nested { (parser) throws(SPIFFEError) in try parser.parseObject() })
        case UInt8(ascii: "["): return .array(try nested { (parser) throws(SPIFFEError) in try parser.parseArray() })
        case UInt8(ascii: "\""): return .string(try parseString())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try parseNumber())
        case UInt8(ascii: "t"): return try parseWord("true", as: .bool(true))
        case UInt8(ascii: "f"): return try parseWord("false", as: .bool(false))
        case UInt8(ascii: "n"): return try parseWord("null", as: .null)
        default: throw failure("expected a value")
        }
    }

    private mutating func nested<Value>(
        _ parse: (inout JSONParser) throws(SPIFFEError) -> Value
    ) throws(SPIFFEError) -> Value {
        guard depth < JSONValue.maximumDepth else {
            throw failure("nested deeper than \(JSONValue.maximumDepth) levels")
        }
        depth += 1
        defer { depth -= 1 }
        position += 1
        skipWhiteSpace()
        return try parse(&self)
    }

    private mutating func parseObject() throws(SPIFFEError) -> JSONObject {
        var object = JSONObject()
        if skip(UInt8(ascii: "}")) { return object }
        while true {
            guard current == UInt8(ascii: "\"") else {
                throw failure("expected a member name")
            }
            let start = position
            let name = try parseString()
            skipWhiteSpace()
            guard skip(UInt8(ascii: ":")) else {
                throw failure("expected a colon")
            }
            skipWhiteSpace()
            guard object.insert(try parseValue(), under: name) else {
                position = start
                throw failure("member \(name.quoted) is given twice")
            }
            skipWhiteSpace()
            if skip(UInt8(ascii: "}")) { return object }
            guard skip(UInt8(ascii: ",")) else {
                throw failure("expected a comma or the end of the object")
            }
            skipWhiteSpace()
        }
    }

    private mutating func parseArray() throws(SPIFFEError) -> [JSONValue] {
        var elements: [JSONValue] = []
        if skip(UInt8(ascii: "]")) { return elements }
        while true {
            elements.append(try parseValue())
            skipWhiteSpace()
            if skip(UInt8(ascii: "]")) { return elements }
            guard skip(UInt8(ascii: ",")) else {
                throw failure("expected a comma or the end of the array")
            }
            skipWhiteSpace()
        }
    }

    private mutating func parseWord(_ word: StaticString, as value: JSONValue) throws(SPIFFEError) -> JSONValue {
        let length = word.utf8CodeUnitCount
        guard
            bytes.count - position >= length,
            word.withUTF8Buffer({ bytes[position..<position + length].elementsEqual($0) })
        else {
            throw failure("expected a value")
        }
        position += length
        return value
    }

    mutating func skip(_ byte: UInt8) -> Bool {
        guard current == byte else { return false }
        position += 1
        return true
    }

    private mutating func skipWhiteSpace() {
        while let current, current == 0x20 || current == 0x0A || current == 0x0D || current == 0x09 {
            position += 1
        }
    }
}
