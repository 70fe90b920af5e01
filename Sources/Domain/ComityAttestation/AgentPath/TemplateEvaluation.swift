// SPDX-License-Identifier: Apache-2.0

/// Carries a template out.
struct TemplateEvaluation {
    /// No SPIFFE ID is longer.
    static let maximumLength = 2048

    private(set) var output = ""

    mutating func run(_ nodes: [TemplateNode], _ data: TemplateValue) throws(TemplateError) {
        for node in nodes {
            switch node {
            case .text(let text): try write(text)
            case .action(let pipeline): try write(try Self.value(of: pipeline, data).text)
            case .condition(let pipeline, let rebinds, let then, let otherwise):
                let value = try Self.value(of: pipeline, data)
                try value.isTrue ? run(then, rebinds ? value : data) : run(otherwise, data)
            }
        }
    }

    private mutating func write(_ text: String) throws(TemplateError) {
        output += text
        guard output.utf8.count <= Self.maximumLength else {
            throw TemplateError("result is longer than \(Self.maximumLength) bytes")
        }
    }

    private static func value(of pipeline: TemplatePipeline, _ data: TemplateValue) throws(TemplateError)
        -> TemplateValue
    {
        var piped: TemplateValue?
        for command in pipeline.commands {
            piped = try value(of: command, piped, data)
        }
        guard let piped else { throw TemplateError("missing value for command") }
        return piped
    }

    private static func value(
        of command: [TemplateOperand], _ piped: TemplateValue?, _ data: TemplateValue
    ) throws(TemplateError) -> TemplateValue {
        guard case .function(let function) = command[0] else {
            guard command.count == 1 else { throw TemplateError("can't give argument to non-function") }
            return try value(of: command[0], data)
        }
        var arguments: [TemplateValue] = []
        for operand in command.dropFirst() { arguments.append(try value(of: operand, data)) }
        if let piped { arguments.append(piped) }
        return try function.call(arguments)
    }

    private static func value(of operand: TemplateOperand, _ data: TemplateValue) throws(TemplateError) -> TemplateValue
    {
        switch operand {
        case .constant(let value): return value
        case .function(let function): return try function.call([])
        case .field(let names): return try fields(names, of: data)
        case .pipeline(let pipeline, let names): return try fields(names, of: try value(of: pipeline, data))
        }
    }

    private static func fields(_ names: [String], of value: TemplateValue) throws(TemplateError) -> TemplateValue {
        var value = value
        for name in names { value = try value.field(name) }
        return value
    }
}
