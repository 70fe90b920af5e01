// SPDX-License-Identifier: Apache-2.0

/// Reads the text of a template.
struct TemplateParser {
    private static let maximumDepth = 16

    /// Texts and actions in turn.
    private enum Piece {
        case text(String)
        case action([TemplateToken])
    }

    private var pieces: ArraySlice<Piece>
    private var depth = 0

    static func nodes(of text: String) throws(TemplateError) -> [TemplateNode] {
        var parser = TemplateParser(pieces: try pieces(of: text)[...])
        let (nodes, end) = try parser.block()
        if let end { throw TemplateError("unexpected {{\(end)}}") }
        return nodes
    }

    // MARK: - Pieces

    private static func pieces(of text: String) throws(TemplateError) -> [Piece] {
        var pieces: [Piece] = []
        var rest = text[...]
        var trimsStart = false
        while let start = rest.firstRange(of: "{{") {
            var before = rest[..<start.lowerBound]
            var inner = rest[start.upperBound...]
            if trimsStart { before = before.trimmingStart }
            if inner.first == "-", inner.dropFirst().first?.isWhitespace == true {
                before = before.trimmingEnd
                inner = inner.dropFirst()
            }
            pieces.append(.text(String(before)))
            let end = try end(of: inner)
            var action = inner[..<end.lowerBound]
            trimsStart = action.last == "-" && action.dropLast().last?.isWhitespace == true
            if trimsStart { action = action.dropLast() }
            let body = action.trimmingStart.trimmingEnd
            if !(body.hasPrefix("/*") && body.hasSuffix("*/") && body.count >= 4) {
                pieces.append(.action(try TemplateLexer.tokens(of: body)))
            }
            rest = inner[end.upperBound...]
        }
        pieces.append(.text(String(trimsStart ? rest.trimmingStart : rest)))
        return pieces
    }

    /// Where the action closes; braces within quotes do not.
    private static func end(of action: Substring) throws(TemplateError) -> Range<Substring.Index> {
        var quote: Character?
        var index = action.startIndex
        while index < action.endIndex {
            let character = action[index]
            let next = action.index(after: index)
            if let open = quote {
                if open == "\"", character == "\\" {
                    index = next < action.endIndex ? action.index(after: next) : next
                    continue
                }
                if character == open { quote = nil }
            } else if character == "\"" || character == "`" {
                quote = character
            } else if character == "}", next < action.endIndex, action[next] == "}" {
                return index..<action.index(after: next)
            }
            index = next
        }
        throw TemplateError("unclosed action")
    }

    // MARK: - Blocks

    /// Reads up to an `end` or `else` that belongs to the caller, and says which.
    private mutating func block() throws(TemplateError) -> (nodes: [TemplateNode], end: String?) {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else { throw TemplateError("conditions are nested too deep") }
        var nodes: [TemplateNode] = []
        while let piece = pieces.popFirst() {
            switch piece {
            case .text(let text):
                if !text.isEmpty { nodes.append(.text(text)) }
            case .action(let tokens):
                switch tokens.first {
                case .name("end")?: return (nodes, "end")
                case .name("else")?:
                    // An `else if` is put back as an `if` within the `else`.
                    if tokens.count > 1 { pieces = [.action(Array(tokens.dropFirst()))] + pieces }
                    return (nodes, tokens.count > 1 ? "else if" : "else")
                case .name(let word)? where word == "if" || word == "with":
                    nodes.append(try condition(word, Array(tokens.dropFirst())))
                case .name(let word)?
                where ["range", "template", "block", "define", "break", "continue"].contains(word):
                    throw TemplateError("{{\(word)}} is not supported in agent paths")
                default: nodes.append(.action(try Self.pipeline(tokens)))
                }
            }
        }
        return (nodes, nil)
    }

    private mutating func condition(_ word: String, _ tokens: [TemplateToken]) throws(TemplateError) -> TemplateNode {
        let pipeline = try Self.pipeline(tokens)
        let (then, end) = try block()
        var otherwise: [TemplateNode] = []
        switch end {
        case "end"?: break
        case "else"?:
            let (nodes, last) = try block()
            guard last == "end" else { throw TemplateError("expected end; found \(last ?? "EOF")") }
            otherwise = nodes
        case "else if"?:
            guard case .action(let tokens)? = pieces.popFirst(), case .name(let word)? = tokens.first,
                word == "if" || word == "with"
            else { throw TemplateError("expected end of else") }
            otherwise = [try condition(word, Array(tokens.dropFirst()))]
        default: throw TemplateError("unexpected EOF")
        }
        return .condition(pipeline, rebinds: word == "with", then: then, otherwise: otherwise)
    }

    // MARK: - Pipelines

    private static func pipeline(_ tokens: [TemplateToken]) throws(TemplateError) -> TemplatePipeline {
        var rest = tokens[...]
        let pipeline = try pipeline(&rest, depth: 0)
        guard rest.isEmpty else { throw TemplateError("unexpected right paren") }
        return pipeline
    }

    private static func pipeline(
        _ rest: inout ArraySlice<TemplateToken>, depth: Int
    ) throws(TemplateError) -> TemplatePipeline {
        guard depth <= maximumDepth else { throw TemplateError("parentheses are nested too deep") }
        var commands: [[TemplateOperand]] = [[]]
        loop: while let token = rest.first, token != .close {
            rest.removeFirst()
            switch token {
            case .pipe: commands.append([])
            case .field(let names): commands[commands.count - 1].append(.field(names))
            case .constant(let value): commands[commands.count - 1].append(.constant(value))
            case .name(let name):
                guard let function = TemplateFunction(named: name) else {
                    throw TemplateError("function \(name.goQuoted) not defined")
                }
                commands[commands.count - 1].append(.function(function))
            case .open:
                let inner = try pipeline(&rest, depth: depth + 1)
                guard rest.popFirst() == .close else { throw TemplateError("unclosed left paren") }
                var fields: [String] = []
                if case .subfield(let names)? = rest.first {
                    rest.removeFirst()
                    fields = names
                }
                commands[commands.count - 1].append(.pipeline(inner, fields: fields))
            case .close, .subfield: break loop
            }
        }
        guard commands.allSatisfy({ !$0.isEmpty }) else { throw TemplateError("missing value for command") }
        for command in commands.dropFirst() {
            guard case .function = command[0] else {
                throw TemplateError("non executable command in pipeline stage")
            }
        }
        return TemplatePipeline(commands: commands)
    }
}

extension Substring {
    fileprivate var trimmingStart: Substring { drop(while: \.isWhitespace) }

    fileprivate var trimmingEnd: Substring {
        var text = self
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return text
    }
}
