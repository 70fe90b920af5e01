// SPDX-License-Identifier: Apache-2.0

/// One word within an action.
enum TemplateToken: Hashable {
    /// `.`, `.Name` or `.Name.Name`: the names from the data downwards.
    case field([String])
    /// The same right after a closing parenthesis.
    case subfield([String])
    case name(String)
    case constant(TemplateValue)
    case pipe, open, close
}

/// Cuts the text of an action into words.
struct TemplateLexer {
    private var rest: Substring.UnicodeScalarView

    init(_ text: Substring) {
        rest = text.unicodeScalars
    }

    static func tokens(of text: Substring) throws(TemplateError) -> [TemplateToken] {
        var lexer = TemplateLexer(text)
        var tokens: [TemplateToken] = []
        while let token = try lexer.next(after: tokens.last) { tokens.append(token) }
        return tokens
    }

    private mutating func next(after last: TemplateToken?) throws(TemplateError) -> TemplateToken? {
        var isSeparate = last == nil
        while let scalar = rest.first, scalar.properties.isWhitespace {
            rest.removeFirst()
            isSeparate = true
        }
        guard let scalar = rest.first else { return nil }
        switch scalar {
        case "|": return take(.pipe)
        case "(": return take(.open)
        case ")": return take(.close)
        case ".":
            let names = try fields()
            return last == .close && !isSeparate ? .subfield(names) : .field(names)
        case "\"": return .constant(.string(try quoted()))
        case "`": return .constant(.string(try raw()))
        case "0"..."9", "-", "+": return .constant(.integer(try number()))
        case "$": throw TemplateError("variables are not supported in agent paths")
        case _ where scalar.isWordPart:
            let word = word()
            switch word {
            case "true": return .constant(.bool(true))
            case "false": return .constant(.bool(false))
            case "nil": throw TemplateError("nil is not a command")
            default: return .name(word)
            }
        default: throw TemplateError("unexpected \(String(scalar).goQuoted) in command")
        }
    }

    private mutating func take(_ token: TemplateToken) -> TemplateToken {
        rest.removeFirst()
        return token
    }

    private mutating func word() -> String {
        let word = rest.prefix { $0.isWordPart }
        rest.removeFirst(word.count)
        return String(String.UnicodeScalarView(word))
    }

    private mutating func fields() throws(TemplateError) -> [String] {
        var names: [String] = []
        while rest.first == "." {
            rest.removeFirst()
            let name = word()
            guard !name.isEmpty else {
                guard names.isEmpty, rest.first != "." else { throw TemplateError("unexpected <.> in operand") }
                return []
            }
            names.append(name)
        }
        return names
    }

    private mutating func quoted() throws(TemplateError) -> String {
        rest.removeFirst()
        var text = String.UnicodeScalarView()
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\"": return String(text)
            case "\n": throw TemplateError("unterminated quoted string")
            case "\\":
                switch rest.popFirst() {
                case "n"?: text.append("\n")
                case "t"?: text.append("\t")
                case let escaped? where escaped == "\\" || escaped == "\"": text.append(escaped)
                default: throw TemplateError("unsupported escape in quoted string")
                }
            default: text.append(scalar)
            }
        }
        throw TemplateError("unterminated quoted string")
    }

    private mutating func raw() throws(TemplateError) -> String {
        rest.removeFirst()
        guard let end = rest.firstIndex(of: "`") else { throw TemplateError("unterminated raw quoted string") }
        let text = String(String.UnicodeScalarView(rest[..<end]))
        rest = rest[rest.index(after: end)...]
        return text
    }

    private mutating func number() throws(TemplateError) -> Int {
        let digits = rest.prefix { $0.isWordPart || $0 == "-" || $0 == "+" || $0 == "." }
        rest.removeFirst(digits.count)
        let text = String(String.UnicodeScalarView(digits))
        guard let number = Int(text) else { throw TemplateError("bad number syntax: \(text.goQuoted)") }
        return number
    }
}

extension Unicode.Scalar {
    fileprivate var isWordPart: Bool { self == "_" || properties.isAlphabetic || properties.numericType == .decimal }
}
