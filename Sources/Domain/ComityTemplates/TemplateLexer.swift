// SPDX-License-Identifier: Apache-2.0

/// Cuts a template into tokens.
struct TemplateLexer {

    private let source: TemplateSource
    private let bytes: [UInt8]
    private var position = 0
    private var tokens: [TemplateToken] = []

    init(_ source: TemplateSource) {
        self.source = source
        bytes = source.bytes
    }

    static func tokens(of source: TemplateSource) throws(TemplateError) -> [TemplateToken] {
        var lexer = TemplateLexer(source)
        try lexer.readAll()
        return lexer.tokens
    }

    // MARK: - Text

    private mutating func readAll() throws(TemplateError) {
        var trimsStart = false
        while true {
            let start = position
            let open = find("{{", from: position)
            var text = bytes[start..<(open ?? bytes.count)]
            if trimsStart { text = text.drop(while: Self.isSpace) }
            if let open, trimsLeft(of: open) {
                while let last = text.last, Self.isSpace(last) { text = text.dropLast() }
            }
            if !text.isEmpty { add(.text(String(decoding: text, as: UTF8.self)), at: start) }
            guard let open else { break }
            position = open + 2 + (trimsLeft(of: open) ? 1 : 0)
            trimsStart = try readAction(from: open)
        }
        add(.end, at: bytes.count)
    }

    /// `{{- `: the dash needs white space after it.
    private func trimsLeft(of open: Int) -> Bool {
        at(open + 2) == UInt8(ascii: "-") && at(open + 3).map(Self.isSpace) == true
    }

    // MARK: - Actions

    /// - Returns: Whether the action takes away the white space after it.
    private mutating func readAction(from open: Int) throws(TemplateError) -> Bool {
        if isComment() { return try skipComment(from: open) }
        add(.open, at: open)
        while true {
            guard let byte = at(position) else { throw error("unclosed action", at: open) }
            if let trims = closing() {
                add(.close, at: position)
                position += trims ? 4 : 2
                return trims
            }
            if Self.isSpace(byte) {
                let start = position
                // The space before a trim marker belongs to the marker.
                while let next = at(position), Self.isSpace(next), closing() == nil { position += 1 }
                if position == start { position += 1 }
                add(.space, at: start)
            } else {
                try readWord(byte)
            }
        }
    }

    /// Whether here is ` -}}`, as `true`, or `}}`, as `false`.
    private func closing() -> Bool? {
        if let byte = at(position), Self.isSpace(byte), has("-}}", at: position + 1) { return true }
        return has("}}", at: position) ? false : nil
    }

    private func isComment() -> Bool {
        var start = position
        while let byte = at(start), Self.isSpace(byte) { start += 1 }
        return has("/*", at: start)
            // Without a trim marker a comment has to begin at once, as in Go.
            && (start == position || at(position - 1) == UInt8(ascii: "-"))
    }

    private mutating func skipComment(from open: Int) throws(TemplateError) -> Bool {
        guard let end = find("*/", from: position) else { throw error("unclosed comment", at: open) }
        position = end + 2
        guard let trims = closing() else { throw error("comment ends before closing delimiter", at: open) }
        position += trims ? 4 : 2
        return trims
    }

    private mutating func readWord(_ byte: UInt8) throws(TemplateError) {
        let start = position
        switch byte {
        case UInt8(ascii: "|"): take(1, .pipe)
        case UInt8(ascii: "("): take(1, .leftParenthesis)
        case UInt8(ascii: ")"): take(1, .rightParenthesis)
        case UInt8(ascii: ","): take(1, .comma)
        case UInt8(ascii: "="): take(1, .assign)
        case UInt8(ascii: ":"):
            guard at(position + 1) == UInt8(ascii: "=") else { throw error("expected :=", at: position) }
            take(2, .declare)
        case UInt8(ascii: "\""), UInt8(ascii: "`"), UInt8(ascii: "'"):
            var literal = TemplateLiteral(source, from: position)
            let kind = try literal.quoted()
            position = literal.position
            add(kind, at: start)
        case UInt8(ascii: "$"):
            position += 1
            add(.variable("$" + name()), at: start)
        case UInt8(ascii: "."):
            guard let next = at(position + 1), !Self.isDigit(next) else {
                if at(position + 1) != nil { return try readNumber() }
                return take(1, .dot)
            }
            position += 1
            let field = name()
            add(field.isEmpty ? .dot : .field(field), at: start)
        case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            try readNumber()
        case _ where Self.isLetter(byte):
            add(.word(name()), at: start)
        default:
            throw error("unexpected \(source.quoted(at: position)) in command", at: position)
        }
    }

    private mutating func readNumber() throws(TemplateError) {
        let start = position
        var literal = TemplateLiteral(source, from: position)
        let kind = try literal.number()
        position = literal.position
        add(kind, at: start)
    }

    private mutating func name() -> String {
        let start = position
        while let byte = at(position), Self.isLetter(byte) || Self.isDigit(byte) { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    // MARK: - Bytes

    private mutating func take(_ count: Int, _ kind: TemplateToken.Kind) {
        add(kind, at: position)
        position += count
    }

    private mutating func add(_ kind: TemplateToken.Kind, at offset: Int) {
        tokens.append(TemplateToken(kind: kind, offset: offset))
    }

    private func at(_ index: Int) -> UInt8? {
        bytes.indices.contains(index) ? bytes[index] : nil
    }

    private func has(_ text: String, at index: Int) -> Bool {
        index <= bytes.count && bytes[index...].starts(with: text.utf8)
    }

    private func find(_ text: String, from start: Int) -> Int? {
        var index = start
        while index < bytes.count {
            if has(text, at: index) { return index }
            index += 1
        }
        return nil
    }

    private func error(_ message: String, at offset: Int) -> TemplateError {
        source.syntaxError(message, at: offset)
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    /// Beyond ASCII every byte passes for a letter: field names of Go may have any.
    private static func isLetter(_ byte: UInt8) -> Bool {
        let lower = byte | 0x20
        return (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(lower) || byte == UInt8(ascii: "_") || byte >= 0x80
    }
}
