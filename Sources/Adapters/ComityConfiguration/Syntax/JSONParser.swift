// SPDX-License-Identifier: Apache-2.0

/// Reads JSON into the configuration tree, with places.
struct JSONParser {
    private var cursor: SourceCursor
    private var depth = 0

    init(cursor: SourceCursor) {
        self.cursor = cursor
    }

    mutating func document() throws(ConfigurationSyntaxError) -> ConfigurationNode {
        let node = try value()
        cursor.skipWhitespace()
        guard cursor.isAtEnd else {
            throw error("expected the end of the file after the JSON object, found \(cursor.found)")
        }
        return node
    }

    private mutating func value() throws(ConfigurationSyntaxError) -> ConfigurationNode {
        cursor.skipWhitespace()
        let place = cursor.place
        switch cursor.peek() {
        case UInt8(ascii: "{"): return ConfigurationNode(.object(try object()), at: place)
        case UInt8(ascii: "["): return ConfigurationNode(.list(try list()), at: place)
        case UInt8(ascii: "\""): return ConfigurationNode(.string(try string()), at: place)
        default: return ConfigurationNode(try scalar(), at: place)
        }
    }

    private mutating func object() throws(ConfigurationSyntaxError) -> [ConfigurationMember] {
        try enter()
        defer { depth -= 1 }
        var members: [ConfigurationMember] = []
        cursor.skipWhitespace()
        if cursor.skip(UInt8(ascii: "}")) { return members }
        while true {
            cursor.skipWhitespace()
            let place = cursor.place
            let key = try string()
            cursor.skipWhitespace()
            try expect(":")
            members.append(ConfigurationMember(key: key, place: place, value: try value()))
            cursor.skipWhitespace()
            if cursor.skip(UInt8(ascii: "}")) { return members }
            try expect(",")
        }
    }

    private mutating func list() throws(ConfigurationSyntaxError) -> [ConfigurationNode] {
        try enter()
        defer { depth -= 1 }
        var nodes: [ConfigurationNode] = []
        cursor.skipWhitespace()
        if cursor.skip(UInt8(ascii: "]")) { return nodes }
        while true {
            nodes.append(try value())
            cursor.skipWhitespace()
            if cursor.skip(UInt8(ascii: "]")) { return nodes }
            try expect(",")
        }
    }

    private mutating func string() throws(ConfigurationSyntaxError) -> String {
        let start = cursor.place
        try expect("\"")
        var bytes: [UInt8] = []
        while let byte = cursor.advance() {
            switch byte {
            case UInt8(ascii: "\""):
                return String(decoding: bytes, as: UTF8.self)
            case UInt8(ascii: "\\"):
                bytes += try escape()
            case 0..<0x20:
                throw ConfigurationSyntaxError("string holds a control character", at: start)
            default:
                bytes.append(byte)
            }
        }
        throw ConfigurationSyntaxError("string is not closed", at: start)
    }

    private mutating func escape() throws(ConfigurationSyntaxError) -> [UInt8] {
        let place = cursor.place
        switch cursor.advance() {
        case UInt8(ascii: "\""): return [UInt8(ascii: "\"")]
        case UInt8(ascii: "\\"): return [UInt8(ascii: "\\")]
        case UInt8(ascii: "/"): return [UInt8(ascii: "/")]
        case UInt8(ascii: "b"): return [8]
        case UInt8(ascii: "f"): return [12]
        case UInt8(ascii: "n"): return [10]
        case UInt8(ascii: "r"): return [13]
        case UInt8(ascii: "t"): return [9]
        case UInt8(ascii: "u"): return try unicodeEscape(at: place)
        default: throw ConfigurationSyntaxError("unknown escape in a string", at: place)
        }
    }

    private mutating func unicodeEscape(at place: ConfigurationPlace) throws(ConfigurationSyntaxError) -> [UInt8] {
        let invalid = ConfigurationSyntaxError("invalid \\u escape in a string", at: place)
        guard var code = cursor.readDigits(4, radix: 16) else { throw invalid }
        if 0xD800..<0xDC00 ~= code {
            guard cursor.skip(UInt8(ascii: "\\")), cursor.skip(UInt8(ascii: "u")),
                let low = cursor.readDigits(4, radix: 16), 0xDC00..<0xE000 ~= low
            else { throw invalid }
            code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw invalid }
        return Array(String(scalar).utf8)
    }

    private mutating func scalar() throws(ConfigurationSyntaxError) -> ConfigurationNode.Value {
        let start = cursor
        let word = cursor.readWhile { byte in
            SourceCursor.isDigit(byte) || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || byte == UInt8(ascii: "E")
                || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") || byte == UInt8(ascii: ".")
        }
        switch word {
        case "true": return .bool(true)
        case "false": return .bool(false)
        case "null": return .null
        default:
            if let number = NumberText.decimal(word) { return .number(number) }
            throw ConfigurationSyntaxError("expected a JSON value, found \(start.found)", at: start.place)
        }
    }

    private mutating func expect(_ scalar: Unicode.Scalar) throws(ConfigurationSyntaxError) {
        guard cursor.skip(UInt8(ascii: scalar)) else {
            throw error("expected \"\(scalar)\", found \(cursor.found)")
        }
    }

    private mutating func enter() throws(ConfigurationSyntaxError) {
        depth += 1
        guard depth <= ConfigurationLimits.maximumDepth else {
            throw error("nested deeper than \(ConfigurationLimits.maximumDepth) levels")
        }
        cursor.advance()
    }

    private func error(_ message: String) -> ConfigurationSyntaxError {
        ConfigurationSyntaxError(message, at: cursor.place)
    }
}
