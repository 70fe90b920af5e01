// SPDX-License-Identifier: Apache-2.0

/// Makes nodes out of tokens.
struct TemplateParser {
    /// What a list of nodes ends with.
    private enum ListEnd: Hashable {
        case end, otherwise, input
    }

    private let source: TemplateSource
    private let tokens: [TemplateToken]
    private let options: TemplateOptions
    private var index = 0
    private var depth = 0
    private var rangeDepth = 0
    /// Innermost last.
    private var variables = ["$"]
    private(set) var definitions: [String: [TemplateNode]] = [:]

    init(_ source: TemplateSource, options: TemplateOptions) throws(TemplateError) {
        self.source = source
        self.options = options
        tokens = try TemplateLexer.tokens(of: source)
    }

    mutating func parse() throws(TemplateError) -> [TemplateNode] {
        let (nodes, end) = try list(isTop: true)
        guard end == .input else { throw error("unexpected {{\(end == .end ? "end" : "else")}}") }
        return nodes
    }

    // MARK: - Nodes

    /// Reads up to the action that ends the list, which is read too but for its closing delimiter.
    private mutating func list(isTop: Bool = false) throws(TemplateError) -> ([TemplateNode], ListEnd) {
        depth += 1
        defer { depth -= 1 }
        guard depth <= options.maximumDepth else {
            throw TemplateError(
                .limit, "template: \(source.name): actions are nested deeper than \(options.maximumDepth)")
        }
        var nodes: [TemplateNode] = []
        while true {
            switch next().kind {
            case .text(let text): nodes.append(.text(text))
            case .end:
                guard isTop else { throw error("unexpected EOF") }
                return (nodes, .input)
            default:
                skipSpace()
                switch peek().kind {
                case .word("end"):
                    advance()
                    try close("end")
                    return (nodes, .end)
                case .word("else"):
                    advance()
                    return (nodes, .otherwise)
                case .word("define"):
                    guard isTop else { throw error("unexpected {{define}}") }
                    advance()
                    try define(try name(in: "define clause"))
                default:
                    if let node = try action() { nodes.append(node) }
                }
            }
        }
    }

    private mutating func action() throws(TemplateError) -> TemplateNode? {
        let start = peek()
        guard case .word(let word) = start.kind else { return .action(try pipeline(in: "command")) }
        switch word {
        case "if": return try control(.conditional)
        case "with": return try control(.with)
        case "range": return try control(.range)
        case "break", "continue":
            advance()
            try close(word)
            guard rangeDepth > 0 else { throw error("{{\(word)}} outside {{range}}") }
            return word == "break" ? .breakRange : .continueRange
        case "template":
            advance()
            let name = try name(in: "template clause")
            skipSpace()
            if peek().kind == .close {
                advance()
                return .template(name: name, nil, offset: start.offset)
            }
            return .template(name: name, try pipeline(in: "template clause"), offset: start.offset)
        case "block":
            advance()
            let name = try name(in: "block clause")
            skipSpace()
            let pipeline = try pipeline(in: "block clause")
            try define(name, closing: false)
            return .template(name: name, pipeline, offset: start.offset)
        default: return .action(try pipeline(in: "command"))
        }
    }

    private enum Control {
        case conditional, with, range
    }

    private mutating func control(_ control: Control) throws(TemplateError) -> TemplateNode {
        let keyword = peek()
        advance()
        let outer = variables.count
        defer { variables.removeLast(variables.count - outer) }
        let pipeline = try pipeline(in: control == .range ? "range" : source.word(at: keyword.offset))
        if control == .range { rangeDepth += 1 }
        let (then, end) = try list()
        if control == .range { rangeDepth -= 1 }
        var otherwise: [TemplateNode] = []
        if end == .otherwise { otherwise = try otherwisePart(of: control) }
        return switch control {
        case .conditional: .conditional(pipeline, then: then, otherwise: otherwise)
        case .with: .with(pipeline, then: then, otherwise: otherwise)
        case .range: .range(pipeline, body: then, otherwise: otherwise)
        }
    }

    /// What follows `{{else`: the end of that action, or another `if` or `with` whose end is this one's too.
    private mutating func otherwisePart(of control: Control) throws(TemplateError) -> [TemplateNode] {
        skipSpace()
        depth += 1
        defer { depth -= 1 }
        guard depth <= options.maximumDepth else {
            throw TemplateError(
                .limit, "template: \(source.name): actions are nested deeper than \(options.maximumDepth)")
        }
        switch (peek().kind, control) {
        case (.word("if"), .conditional): return [try self.control(.conditional)]
        case (.word("with"), .with): return [try self.control(.with)]
        default:
            try close("else")
            let (nodes, end) = try list()
            guard end == .end else { throw error("expected end; found {{else}}") }
            return nodes
        }
    }

    private mutating func define(_ name: String, closing: Bool = true) throws(TemplateError) {
        if closing { try close("define clause") }
        let outer = variables
        variables = ["$"]
        let (nodes, end) = try list()
        variables = outer
        guard end == .end else { throw error("unexpected {{else}} in define clause") }
        guard definitions[name] == nil else { throw error("template: multiple definition of template \"\(name)\"") }
        definitions[name] = nodes
    }

    private mutating func name(in context: String) throws(TemplateError) -> String {
        skipSpace()
        guard case .string(let name) = next().kind else { throw unexpected(at: index - 1, in: context) }
        return name
    }

    // MARK: - Pipelines

    /// Reads to the closing delimiter, and that too.
    private mutating func pipeline(in context: String) throws(TemplateError) -> TemplatePipeline {
        var pipeline = try commands(until: .close, in: context)
        pipeline.text = source.text(from: pipeline.offset, to: tokens[index - 1].offset)
        return pipeline
    }

    private mutating func commands(
        until end: TemplateToken.Kind, in context: String
    ) throws(TemplateError) -> TemplatePipeline {
        depth += 1
        defer { depth -= 1 }
        guard depth <= options.maximumDepth else {
            throw TemplateError(
                .limit, "template: \(source.name): actions are nested deeper than \(options.maximumDepth)")
        }
        skipSpace()
        var pipeline = TemplatePipeline(text: "", offset: peek().offset)
        try declarations(of: &pipeline, in: context)
        while true {
            pipeline.commands.append(try command(in: context))
            let token = next()
            if token.kind == end { break }
            guard token.kind == .pipe else { throw unexpected(at: index - 1, in: context) }
        }
        for command in pipeline.commands.dropFirst() {
            if case .literal = command.operands[0].term {
                throw error("non executable command in pipeline stage 2", at: command.operands[0].offset)
            }
        }
        if !pipeline.isAssignment { variables += pipeline.variables }
        return pipeline
    }

    private mutating func declarations(of pipeline: inout TemplatePipeline, in context: String) throws(TemplateError) {
        let start = index
        var names: [String] = []
        while case .variable(let name) = peek().kind {
            advance()
            names.append(name)
            skipSpace()
            switch peek().kind {
            case .declare, .assign:
                pipeline.isAssignment = peek().kind == .assign
                advance()
                if pipeline.isAssignment {
                    for name in names { try require(name, at: tokens[start].offset) }
                }
                pipeline.variables = names
                return skipSpace()
            case .comma where context == "range" && names.count == 1:
                advance()
                skipSpace()
            case .comma: throw error("too many declarations in \(context)")
            default:
                index = start
                return
            }
        }
        index = start
    }

    private mutating func command(in context: String) throws(TemplateError) -> TemplateCommand {
        var operands: [TemplateOperand] = []
        skipSpace()
        while let operand = try operand(in: context) {
            operands.append(operand)
            guard peek().kind == .space else { break }
            skipSpace()
        }
        guard !operands.isEmpty else {
            if peek().kind == .close || peek().kind == .pipe { throw error("missing value for \(context)") }
            throw unexpected(at: index, in: context)
        }
        return TemplateCommand(operands: operands)
    }

    private mutating func operand(in context: String) throws(TemplateError) -> TemplateOperand? {
        let token = peek()
        guard var term = try term(of: token, in: context) else { return nil }
        var fields: [String] = []
        if case .field(let name) = token.kind { fields.append(name) }
        while case .field(let name) = peek().kind {
            if case .literal = term {
                throw error("unexpected . after term \"\(source.text(from: token.offset, to: peek().offset))\"")
            }
            fields.append(name)
            advance()
        }
        if case .pipeline(var pipeline) = term {
            pipeline.text = source.text(from: token.offset, to: peek().offset)
            term = .pipeline(pipeline)
        }
        return TemplateOperand(
            term: term, fields: fields, text: source.text(from: token.offset, to: peek().offset), offset: token.offset)
    }

    /// `nil` when no value begins here.
    private mutating func term(of token: TemplateToken, in context: String) throws(TemplateError) -> TemplateOperand
        .Term?
    {
        switch token.kind {
        case .dot, .field:
            advance()
            return .dot
        case .variable(let name):
            try require(name, at: token.offset)
            advance()
            return .variable(name)
        case .string(let text):
            advance()
            return .literal(.string(text))
        case .integer(let number):
            advance()
            return .literal(.integer(number))
        case .float(let number):
            advance()
            return .literal(.float(number))
        case .word(let word):
            advance()
            switch word {
            case "true", "false": return .literal(.bool(word == "true"))
            case "nil": return .literal(.null)
            default:
                guard options.functions[word] != nil else {
                    throw error("function \"\(word)\" not defined", at: token.offset)
                }
                return .function(word)
            }
        case .leftParenthesis:
            advance()
            return .pipeline(try commands(until: .rightParenthesis, in: "parenthesized pipeline"))
        default: return nil
        }
    }

    // MARK: - Tokens

    private func peek() -> TemplateToken { tokens[min(index, tokens.count - 1)] }

    private mutating func next() -> TemplateToken {
        defer { advance() }
        return peek()
    }

    private mutating func advance() { index = min(index + 1, tokens.count) }

    private mutating func skipSpace() {
        while peek().kind == .space { advance() }
    }

    private mutating func close(_ context: String) throws(TemplateError) {
        skipSpace()
        guard next().kind == .close else { throw unexpected(at: index - 1, in: context) }
    }

    private func require(_ variable: String, at offset: Int) throws(TemplateError) {
        guard variables.contains(variable) else { throw error("undefined variable \"\(variable)\"", at: offset) }
    }

    private func unexpected(at index: Int, in context: String) -> TemplateError {
        let token = tokens[min(index, tokens.count - 1)]
        switch token.kind {
        case .end: return error("unclosed action", at: token.offset)
        default: return error("unexpected \(source.quoted(at: token.offset)) in \(context)", at: token.offset)
        }
    }

    private func error(_ message: String, at offset: Int? = nil) -> TemplateError {
        source.syntaxError(message, at: offset ?? peek().offset)
    }
}
