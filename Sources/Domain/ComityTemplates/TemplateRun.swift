// SPDX-License-Identifier: Apache-2.0

import SPIFFE

/// One rendering of a template.
struct TemplateRun {
    /// What a node does to the `range` around it.
    private enum Flow {
        case next, breakRange, continueRange
    }

    private let source: TemplateSource
    private let definitions: [String: [TemplateNode]]
    private let options: TemplateOptions
    private(set) var output = ""
    /// Innermost last.
    private var variables: [(name: String, value: TemplateValue)] = []
    private var steps = 0
    private var depth = 0

    init(source: TemplateSource, definitions: [String: [TemplateNode]], options: TemplateOptions) {
        self.source = source
        self.definitions = definitions
        self.options = options
    }

    mutating func render(_ nodes: [TemplateNode], with data: TemplateValue) throws(TemplateError) {
        variables = [("$", data)]
        _ = try walk(nodes, data)
    }

    // MARK: - Nodes

    private mutating func walk(_ nodes: [TemplateNode], _ dot: TemplateValue) throws(TemplateError) -> Flow {
        for node in nodes {
            let flow = try walk(node, dot)
            guard flow == .next else { return flow }
        }
        return .next
    }

    private mutating func walk(_ node: TemplateNode, _ dot: TemplateValue) throws(TemplateError) -> Flow {
        try step()
        switch node {
        case .text(let text): try write(text)
        case .action(let pipeline):
            let value = try evaluate(pipeline, dot)
            if pipeline.variables.isEmpty { try write(value.text) }
        case .conditional(let pipeline, let then, let otherwise):
            return try scoped { (run) throws(TemplateError) in
                let isTrue = try run.evaluate(pipeline, dot).isTrue
                return try run.walk(isTrue ? then : otherwise, dot)
            }
        case .with(let pipeline, let then, let otherwise):
            return try scoped { (run) throws(TemplateError) in
                let value = try run.evaluate(pipeline, dot)
                return value.isTrue ? try run.walk(then, value) : try run.walk(otherwise, dot)
            }
        case .range(let pipeline, let body, let otherwise):
            return try scoped { (run) throws(TemplateError) in try run.range(pipeline, body, otherwise, dot) }
        case .template(let name, let pipeline, let offset): try call(name, pipeline, dot, at: offset)
        case .breakRange: return .breakRange
        case .continueRange: return .continueRange
        }
        return .next
    }

    private mutating func range(
        _ pipeline: TemplatePipeline, _ body: [TemplateNode], _ otherwise: [TemplateNode], _ dot: TemplateValue
    ) throws(TemplateError) -> Flow {
        // The variables of a range are set for each element, not to the whole.
        var whole = pipeline
        whole.variables = []
        let elements = try elements(of: try evaluate(whole, dot), pipeline)
        guard !elements.isEmpty else { return try walk(otherwise, dot) }
        for (key, value) in elements {
            try step()
            let flow = try scoped { (run) throws(TemplateError) in
                run.bind(pipeline, key: key, value: value)
                return try run.walk(body, value)
            }
            if flow == .breakRange { break }
        }
        return .next
    }

    private func elements(
        of value: TemplateValue, _ pipeline: TemplatePipeline
    ) throws(TemplateError) -> [(TemplateValue, TemplateValue)] {
        switch value {
        case .list(let values): return values.enumerated().map { (.integer(Int64($0)), $1) }
        case .map(let values): return values.sorted { $0.key < $1.key }.map { (.string($0), .string($1)) }
        case .integer(let count):
            guard count <= options.maximumSteps else { throw stepLimit }
            return (0..<max(0, count)).map { (.integer($0), .integer($0)) }
        case .missing, .null: return []
        default:
            throw source.executionError(
                "range can't iterate over \(value.text)", at: pipeline.offset, in: pipeline.text)
        }
    }

    private mutating func bind(_ pipeline: TemplatePipeline, key: TemplateValue, value: TemplateValue) {
        let values = pipeline.variables.count == 2 ? [key, value] : [value]
        for (name, value) in zip(pipeline.variables, values) { set(name, value, isNew: !pipeline.isAssignment) }
    }

    private mutating func call(
        _ name: String, _ pipeline: TemplatePipeline?, _ dot: TemplateValue, at offset: Int
    ) throws(TemplateError) {
        guard let nodes = definitions[name] else {
            throw source.executionError(
                "template \"\(name)\" not defined", at: offset, in: "{{template \"\(name)\"}}")
        }
        depth += 1
        defer { depth -= 1 }
        guard depth <= options.maximumDepth else {
            throw TemplateError(
                .limit, "template: \(source.name): templates call each other deeper than \(options.maximumDepth)")
        }
        var data = TemplateValue.null
        if let pipeline { data = try evaluate(pipeline, dot) }
        let outer = variables
        variables = [("$", data)]
        defer { variables = outer }
        _ = try walk(nodes, data)
    }

    // MARK: - Values

    private mutating func evaluate(
        _ pipeline: TemplatePipeline, _ dot: TemplateValue
    ) throws(TemplateError) -> TemplateValue {
        var value: TemplateValue?
        for command in pipeline.commands { value = try evaluate(command, dot, piped: value) }
        let result = value ?? .missing
        for name in pipeline.variables { set(name, result, isNew: !pipeline.isAssignment) }
        return result
    }

    /// - Parameter piped: What the command before gave; the last argument.
    private mutating func evaluate(
        _ command: TemplateCommand, _ dot: TemplateValue, piped: TemplateValue?
    ) throws(TemplateError) -> TemplateValue {
        try step()
        let first = command.operands[0]
        if case .function(let name) = first.term {
            let value = try apply(name, Array(command.operands.dropFirst()), dot, piped: piped, first)
            return try follow(first.fields, of: value, first)
        }
        guard command.operands.count == 1, piped == nil else {
            throw source.executionError(
                "can't give argument to non-function \(first.text)", at: first.offset, in: first.text)
        }
        if case .literal(.null) = first.term {
            throw source.executionError("nil is not a command", at: first.offset, in: first.text)
        }
        return try evaluate(first, dot)
    }

    private mutating func evaluate(
        _ operand: TemplateOperand, _ dot: TemplateValue
    ) throws(TemplateError) -> TemplateValue {
        let value: TemplateValue =
            switch operand.term {
            case .dot: dot
            case .variable(let name): variables.last { $0.name == name }?.value ?? .missing
            case .literal(let value): value
            case .pipeline(let pipeline): try nested(pipeline, dot)
            case .function: try evaluate(TemplateCommand(operands: [operand]), dot, piped: nil)
            }
        if case .function = operand.term { return value }
        return try follow(operand.fields, of: value, operand)
    }

    private mutating func nested(
        _ pipeline: TemplatePipeline, _ dot: TemplateValue
    ) throws(TemplateError) -> TemplateValue {
        depth += 1
        defer { depth -= 1 }
        return try evaluate(pipeline, dot)
    }

    private mutating func apply(
        _ name: String, _ operands: [TemplateOperand], _ dot: TemplateValue, piped: TemplateValue?,
        _ place: TemplateOperand
    ) throws(TemplateError) -> TemplateValue {
        var arguments: [TemplateValue] = []
        for operand in operands {
            let value = try evaluate(operand, dot)
            arguments.append(value)
            // These two look at no more than they need.
            if name == GoFunction.and.rawValue, !value.isTrue { return value }
            if name == GoFunction.or.rawValue, value.isTrue { return value }
        }
        if let piped { arguments.append(piped) }
        do throws(TemplateFunction.Refusal) {
            guard let function = options.functions[name] else {
                throw TemplateFunction.Refusal("\"\(name)\" is not a defined function")
            }
            return try function.call(name, arguments, maximumBytes: options.maximumOutputBytes)
        } catch {
            let failure = source.executionError(error.message, at: place.offset, in: place.text)
            throw error.isLimit ? TemplateError(.limit, failure.message) : failure
        }
    }

    private func follow(
        _ fields: [String], of start: TemplateValue, _ operand: TemplateOperand
    ) throws(TemplateError) -> TemplateValue {
        var value = start
        for name in fields {
            switch value {
            case .record(let record):
                guard let field = record[name] else {
                    throw source.executionError(
                        "can't evaluate field \(name) in type \(record.type.name)", at: operand.offset, in: operand.text
                    )
                }
                value = field
            case .map(let values):
                guard values[name] != nil || options.missingKey == .noValue else {
                    throw source.executionError(
                        "map has no entry for key \(GoQuoted.text(name))", at: operand.offset, in: operand.text)
                }
                value = values[name].map { .string($0) } ?? .missing
            case .missing, .null:
                throw source.executionError(
                    "nil pointer evaluating interface {}.\(name)", at: operand.offset, in: operand.text)
            default:
                throw source.executionError(
                    "can't evaluate field \(name) in type \(value.typeName)", at: operand.offset, in: operand.text)
            }
        }
        return value
    }

    // MARK: - Variables and bounds

    private mutating func set(_ name: String, _ value: TemplateValue, isNew: Bool) {
        if !isNew, let index = variables.lastIndex(where: { $0.name == name }) {
            variables[index].value = value
        } else {
            variables.append((name, value))
        }
    }

    private mutating func scoped(
        _ body: (inout TemplateRun) throws(TemplateError) -> Flow
    ) throws(TemplateError) -> Flow {
        let count = variables.count
        defer { variables.removeLast(variables.count - count) }
        return try body(&self)
    }

    private mutating func write(_ text: String) throws(TemplateError) {
        guard output.utf8.count + text.utf8.count <= options.maximumOutputBytes else {
            throw TemplateError(
                .limit, "template: \(source.name): output is longer than \(options.maximumOutputBytes) bytes")
        }
        output += text
    }

    private mutating func step() throws(TemplateError) {
        steps += 1
        guard steps <= options.maximumSteps else { throw stepLimit }
    }

    private var stepLimit: TemplateError {
        TemplateError(.limit, "template: \(source.name): takes more than \(options.maximumSteps) steps")
    }
}
