// SPDX-License-Identifier: Apache-2.0

/// Go's own functions.
enum GoFunction: String, CaseIterable, Sendable {
    case and, or, not, len, index, slice, print, printf, println, html, js, urlquery, call
    case eq, ne, lt, le, gt, ge

    typealias Refusal = TemplateFunction.Refusal

    var function: TemplateFunction {
        TemplateFunction(arity) { (arguments) throws(Refusal) in
            try value(arguments.values, arguments.maximumBytes)
        }
    }

    private var arity: ClosedRange<Int> {
        switch self {
        case .not, .len: 1...1
        case .ne, .lt, .le, .gt, .ge: 2...2
        case .print, .println, .html, .js, .urlquery: 0 ... .max
        case .and, .or, .index, .slice, .printf, .call, .eq: 1 ... .max
        }
    }

    private func value(_ arguments: [TemplateValue], _ maximumBytes: Int) throws(Refusal) -> TemplateValue {
        switch self {
        case .and, .or:
            return arguments.first { $0.isTrue == (self == .or) } ?? arguments[arguments.count - 1]
        case .not: return .bool(!arguments[0].isTrue)
        case .len: return .integer(try Self.length(arguments[0]))
        case .index: return try Self.element(arguments)
        case .slice: return try Self.slice(arguments)
        case .print: return .string(Self.print(arguments))
        case .println: return .string(arguments.map(\.text).joined(separator: " ") + "\n")
        case .printf:
            guard case .string(let format) = arguments[0] else {
                throw Refusal("expected string; got \(arguments[0].typeName)")
            }
            guard let text = GoFormat(format).text(Array(arguments.dropFirst()), maximumBytes: maximumBytes) else {
                throw .tooLong(maximumBytes)
            }
            return .string(text)
        case .html: return .string(TemplateEscaping.html(Self.print(arguments)))
        case .js: return .string(TemplateEscaping.javaScript(Self.print(arguments)))
        case .urlquery: return .string(TemplateEscaping.query(Self.print(arguments)))
        case .call: throw Refusal("call of \(arguments[0].text), which is no function")
        case .eq:
            guard arguments.count > 1 else { throw Refusal("missing argument for comparison") }
            for other in arguments.dropFirst() where try TemplateComparison.areEqual(arguments[0], other) {
                return .bool(true)
            }
            return .bool(false)
        case .ne, .lt, .le, .gt, .ge: return .bool(try compare(arguments[0], arguments[1]))
        }
    }

    private func compare(_ left: TemplateValue, _ right: TemplateValue) throws(Refusal) -> Bool {
        switch self {
        case .lt: return try TemplateComparison.isLess(left, right)
        case .gt: return try TemplateComparison.isLess(right, left)
        case .le:
            if try TemplateComparison.isLess(left, right) { return true }
            return try TemplateComparison.areEqual(left, right)
        case .ge:
            if try TemplateComparison.isLess(right, left) { return true }
            return try TemplateComparison.areEqual(left, right)
        default: return try !TemplateComparison.areEqual(left, right)
        }
    }

    // MARK: - Steps

    private static func length(_ value: TemplateValue) throws(Refusal) -> Int64 {
        switch value {
        case .string(let text): return Int64(text.utf8.count)
        case .list(let values): return Int64(values.count)
        case .map(let values): return Int64(values.count)
        case .missing, .null: throw Refusal("len of nil pointer")
        default: throw Refusal("len of type \(value.typeName)")
        }
    }

    private static func element(_ arguments: [TemplateValue]) throws(Refusal) -> TemplateValue {
        var value = arguments[0]
        for key in arguments.dropFirst() {
            switch (value, key) {
            case (.missing, _), (.null, _): throw Refusal("index of untyped nil")
            // Unlike a field, a key that is not there gives an empty text.
            case (.map(let values), .string(let key)): value = .string(values[key] ?? "")
            case (.map, _): throw Refusal("value has type \(key.typeName); should be string")
            case (.list(let values), .integer(let index)):
                guard values.indices.contains(Int(clamping: index)) else {
                    throw Refusal("index out of range: \(index)")
                }
                value = values[Int(index)]
            case (.string(let text), .integer(let index)):
                let bytes = Array(text.utf8)
                guard bytes.indices.contains(Int(clamping: index)) else {
                    throw Refusal("index out of range: \(index)")
                }
                value = .integer(Int64(bytes[Int(index)]))
            case (.list, _), (.string, _): throw Refusal("cannot index slice/array with type \(key.typeName)")
            default: throw Refusal("can't index item of type \(value.typeName)")
            }
        }
        return value
    }

    private static func slice(_ arguments: [TemplateValue]) throws(Refusal) -> TemplateValue {
        let value = arguments[0]
        let count: Int
        switch value {
        case .string(let text): count = text.utf8.count
        case .list(let values): count = values.count
        case .missing, .null: throw Refusal("slice of untyped nil")
        default: throw Refusal("can't slice item of type \(value.typeName)")
        }
        var bounds: [Int] = []
        for argument in arguments.dropFirst() {
            guard case .integer(let index) = argument else {
                throw Refusal("cannot index slice/array with type \(argument.typeName)")
            }
            guard (0...Int64(count)).contains(index) else { throw Refusal("index out of range: \(index)") }
            bounds.append(Int(index))
        }
        guard bounds.count <= 3 else { throw Refusal("too many slice indexes: \(bounds.count)") }
        let (from, to) = (bounds.first ?? 0, bounds.count > 1 ? bounds[1] : count)
        guard from <= to else { throw Refusal("invalid slice index: \(from) > \(to)") }
        if case .list(let values) = value { return .list(Array(values[from..<to])) }
        guard bounds.count <= 2 else { throw Refusal("cannot 3-index slice a string") }
        return .string(String(decoding: Array(value.text.utf8)[from..<to], as: UTF8.self))
    }

    /// Two values stand apart when neither is text.
    private static func print(_ values: [TemplateValue]) -> String {
        var text = ""
        var wasText = true
        for (index, value) in values.enumerated() {
            let isText = if case .string = value { true } else { false }
            if index > 0, !isText, !wasText { text += " " }
            text += value == .missing ? TemplateValue.null.text : value.text
            wasText = isText
        }
        return text
    }
}
