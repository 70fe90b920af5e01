// SPDX-License-Identifier: Apache-2.0

/// Reads HCL 1 (hashicorp/hcl, first version) into the configuration tree, by recursive descent.
///
/// Interpolations `${…}` stay as they are: nothing here evaluates them.
struct HCLParser {
    private var cursor: SourceCursor
    private var depth = 0

    init(cursor: SourceCursor) {
        self.cursor = cursor
    }

    mutating func document() throws(ConfigurationSyntaxError) -> ConfigurationNode {
        let place = cursor.place
        return ConfigurationNode(.object(try members(closedBy: nil, openedAt: place)), at: place)
    }

    // MARK: - Objects

    private mutating func members(
        closedBy closing: UInt8?, openedAt opened: ConfigurationPlace
    ) throws(ConfigurationSyntaxError) -> [ConfigurationMember] {
        var members: [ConfigurationMember] = []
        while true {
            try skipTrivia()
            if let closing, cursor.skip(closing) { return members }
            if cursor.isAtEnd {
                guard closing != nil else { return members }
                throw ConfigurationSyntaxError("block is not closed: \"}\" is missing", at: opened)
            }
            members.append(try member())
            try skipTrivia()
            // hashicorp/hcl allows a comma between the members of an object.
            _ = cursor.skip(UInt8(ascii: ","))
        }
    }

    private mutating func member() throws(ConfigurationSyntaxError) -> ConfigurationMember {
        var keys: [(name: String, place: ConfigurationPlace)] = []
        while true {
            try skipTrivia()
            let place = cursor.place
            switch cursor.peek() {
            case UInt8(ascii: "="):
                guard keys.count == 1 else {
                    throw error(
                        keys.isEmpty ? "expected a key, found \"=\"" : "a block with labels takes \"{\", found \"=\"")
                }
                cursor.advance()
                return nested(keys, try value())
            case UInt8(ascii: "{") where !keys.isEmpty:
                return nested(keys, ConfigurationNode(.object(try object()), at: place))
            case UInt8(ascii: "\""):
                keys.append((try string(), place))
            case let byte? where Self.beginsIdentifier(byte):
                keys.append((cursor.readWhile(Self.continuesIdentifier), place))
            default:
                let wanted = keys.isEmpty ? "a key" : "\"=\" or \"{\" after \"\(keys[0].name)\""
                throw error("expected \(wanted), found \(cursor.found)")
            }
            guard keys.count <= ConfigurationLimits.maximumDepth else { throw tooDeep }
        }
    }

    private func nested(
        _ keys: [(name: String, place: ConfigurationPlace)], _ value: ConfigurationNode
    ) -> ConfigurationMember {
        var member = ConfigurationMember(
            key: keys[keys.count - 1].name, place: keys[keys.count - 1].place, value: value)
        for key in keys.dropLast().reversed() {
            let node = ConfigurationNode(.object([member]), at: member.place)
            member = ConfigurationMember(key: key.name, place: key.place, value: node)
        }
        return member
    }

    private mutating func object() throws(ConfigurationSyntaxError) -> [ConfigurationMember] {
        let opened = cursor.place
        try enter()
        defer { depth -= 1 }
        return try members(closedBy: UInt8(ascii: "}"), openedAt: opened)
    }

    // MARK: - Values

    private mutating func value() throws(ConfigurationSyntaxError) -> ConfigurationNode {
        try skipTrivia()
        let place = cursor.place
        switch cursor.peek() {
        case UInt8(ascii: "\""): return ConfigurationNode(.string(try string()), at: place)
        case UInt8(ascii: "{"): return ConfigurationNode(.object(try object()), at: place)
        case UInt8(ascii: "["): return ConfigurationNode(.list(try list()), at: place)
        case UInt8(ascii: "<"):
            var reader = HeredocReader(cursor: cursor)
            let text = try reader.read()
            cursor = reader.cursor
            return ConfigurationNode(.string(text), at: place)
        default: return ConfigurationNode(try scalar(), at: place)
        }
    }

    private mutating func list() throws(ConfigurationSyntaxError) -> [ConfigurationNode] {
        let opened = cursor.place
        try enter()
        defer { depth -= 1 }
        var nodes: [ConfigurationNode] = []
        while true {
            try skipTrivia()
            if cursor.skip(UInt8(ascii: "]")) { return nodes }
            if cursor.isAtEnd { throw ConfigurationSyntaxError("list is not closed: \"]\" is missing", at: opened) }
            nodes.append(try value())
            try skipTrivia()
            guard cursor.skip(UInt8(ascii: ",")) || cursor.peek() == UInt8(ascii: "]") || cursor.isAtEnd else {
                throw error("expected \",\" or \"]\" in a list, found \(cursor.found)")
            }
        }
    }

    private mutating func scalar() throws(ConfigurationSyntaxError) -> ConfigurationNode.Value {
        let start = cursor
        let word = cursor.readWhile { byte in
            Self.continuesIdentifier(byte) || byte == UInt8(ascii: "+")
        }
        switch word {
        case "true": return .bool(true)
        case "false": return .bool(false)
        default:
            if let number = NumberText.decimal(word) { return .number(number) }
            let hint = word.isEmpty ? "" : "; a string needs quotes"
            throw ConfigurationSyntaxError(
                "expected a value, found \(word.isEmpty ? start.found : "\"\(word.prefix(64))\"")\(hint)",
                at: start.place)
        }
    }

    private mutating func string() throws(ConfigurationSyntaxError) -> String {
        var reader = QuotedStringReader(cursor: cursor)
        let text = try reader.read()
        cursor = reader.cursor
        return text
    }

    // MARK: - Small things

    /// Skips white space and comments: `#`, `//` and `/* */`.
    private mutating func skipTrivia() throws(ConfigurationSyntaxError) {
        while true {
            cursor.skipWhitespace()
            switch (cursor.peek(), cursor.peek(1)) {
            case (UInt8(ascii: "#"), _), (UInt8(ascii: "/"), UInt8(ascii: "/")):
                _ = cursor.readLine()
            case (UInt8(ascii: "/"), UInt8(ascii: "*")):
                try skipBlockComment()
            default:
                return
            }
        }
    }

    private mutating func skipBlockComment() throws(ConfigurationSyntaxError) {
        let opened = cursor.place
        cursor.advance()
        cursor.advance()
        while let byte = cursor.advance() {
            if byte == UInt8(ascii: "*"), cursor.skip(UInt8(ascii: "/")) { return }
        }
        throw ConfigurationSyntaxError("comment is not closed: \"*/\" is missing", at: opened)
    }

    private mutating func enter() throws(ConfigurationSyntaxError) {
        depth += 1
        guard depth <= ConfigurationLimits.maximumDepth else { throw tooDeep }
        cursor.advance()
    }

    private var tooDeep: ConfigurationSyntaxError {
        error("nested deeper than \(ConfigurationLimits.maximumDepth) levels")
    }

    private func error(_ message: String) -> ConfigurationSyntaxError {
        ConfigurationSyntaxError(message, at: cursor.place)
    }

    private static func beginsIdentifier(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): true
        // Letters beyond ASCII may stand in keys.
        case 0x80...: true
        default: false
        }
    }

    private static func continuesIdentifier(_ byte: UInt8) -> Bool {
        beginsIdentifier(byte) || SourceCursor.isDigit(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
    }
}
