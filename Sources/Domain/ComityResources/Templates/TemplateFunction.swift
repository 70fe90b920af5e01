// SPDX-License-Identifier: Apache-2.0

/// The functions that a template may call: Go's own.
enum TemplateFunction: String, Sendable {
    case and, or, not, len, index, slice, print, printf, println, html, js, urlquery, call
    case eq, ne, lt, le, gt, ge

    /// What a function says of its arguments; the place is added by whoever called it.
    struct Refusal: Error {
        let message: String
        /// It would grow too long, whatever the data.
        var isLimit = false
    }

    func apply(_ arguments: [TemplateValue], maximumBytes: Int) throws(Refusal) -> TemplateValue {
        do throws(Refusal) {
            let result = try value(arguments, maximumBytes)
            if case .string(let text) = result, text.utf8.count > maximumBytes {
                throw Refusal(message: "output is longer than \(maximumBytes) bytes", isLimit: true)
            }
            return result
        } catch {
            throw Refusal(message: "error calling \(rawValue): \(error.message)", isLimit: error.isLimit)
        }
    }

    private func value(_ arguments: [TemplateValue], _ maximumBytes: Int) throws(Refusal) -> TemplateValue {
        switch self {
        case .and, .or:
            guard let last = arguments.last else { throw wrongCount("at least 1", 0) }
            return arguments.first { $0.isTrue == (self == .or) } ?? last
        case .not: return .bool(!(try only(arguments).isTrue))
        case .len: return .integer(try Self.length(try only(arguments)))
        case .index: return try Self.element(arguments)
        case .slice: return try Self.slice(arguments)
        case .print: return .string(Self.print(arguments))
        case .println: return .string(arguments.map(\.text).joined(separator: " ") + "\n")
        case .printf:
            guard case .string(let format) = arguments.first else { throw wrongCount("at least 1", arguments.count) }
            guard let text = GoFormat(format).text(Array(arguments.dropFirst()), maximumBytes: maximumBytes) else {
                throw Refusal(message: "output is longer than \(maximumBytes) bytes", isLimit: true)
            }
            return .string(text)
        case .html: return .string(TemplateEscaping.html(Self.print(arguments)))
        case .js: return .string(TemplateEscaping.javaScript(Self.print(arguments)))
        case .urlquery: return .string(TemplateEscaping.query(Self.print(arguments)))
        case .call: throw Refusal(message: "call of \(arguments.first?.text ?? "nil"), which is no function")
        case .eq:
            guard let first = arguments.first, arguments.count > 1 else {
                throw Refusal(message: "missing argument for comparison")
            }
            for other in arguments.dropFirst() where try TemplateComparison.areEqual(first, other) {
                return .bool(true)
            }
            return .bool(false)
        case .ne, .lt, .le, .gt, .ge:
            guard arguments.count == 2 else { throw wrongCount("2", arguments.count) }
            return .bool(try compare(arguments[0], arguments[1]))
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

    private func only(_ arguments: [TemplateValue]) throws(Refusal) -> TemplateValue {
        guard arguments.count == 1 else { throw wrongCount("1", arguments.count) }
        return arguments[0]
    }

    private func wrongCount(_ wanted: String, _ count: Int) -> Refusal {
        Refusal(message: "wrong number of args for \(rawValue): want \(wanted) got \(count)")
    }

    private static func length(_ value: TemplateValue) throws(Refusal) -> Int64 {
        switch value {
        case .string(let text): return Int64(text.utf8.count)
        case .list(let values): return Int64(values.count)
        case .map(let values): return Int64(values.count)
        case .missing, .null: throw Refusal(message: "len of nil pointer")
        default: throw Refusal(message: "len of type \(value.typeName)")
        }
    }

    private static func element(_ arguments: [TemplateValue]) throws(Refusal) -> TemplateValue {
        guard var value = arguments.first else { throw Refusal(message: "wrong number of args: want at least 1 got 0") }
        for key in arguments.dropFirst() {
            switch (value, key) {
            case (.missing, _), (.null, _): throw Refusal(message: "index of untyped nil")
            // Unlike a field, a key that is not there gives an empty text.
            case (.map(let values), .string(let key)): value = .string(values[key] ?? "")
            case (.map, _): throw Refusal(message: "value has type \(key.typeName); should be string")
            case (.list(let values), .integer(let index)):
                guard values.indices.contains(Int(clamping: index)) else {
                    throw Refusal(message: "index out of range: \(index)")
                }
                value = values[Int(index)]
            case (.string(let text), .integer(let index)):
                let bytes = Array(text.utf8)
                guard bytes.indices.contains(Int(clamping: index)) else {
                    throw Refusal(message: "index out of range: \(index)")
                }
                value = .integer(Int64(bytes[Int(index)]))
            case (.list, _), (.string, _): throw Refusal(message: "cannot index slice/array with type \(key.typeName)")
            default: throw Refusal(message: "can't index item of type \(value.typeName)")
            }
        }
        return value
    }

    private static func slice(_ arguments: [TemplateValue]) throws(Refusal) -> TemplateValue {
        guard let value = arguments.first else { throw Refusal(message: "slice of untyped nil") }
        let count: Int
        switch value {
        case .string(let text): count = text.utf8.count
        case .list(let values): count = values.count
        case .missing, .null: throw Refusal(message: "slice of untyped nil")
        default: throw Refusal(message: "can't slice item of type \(value.typeName)")
        }
        var bounds: [Int] = []
        for argument in arguments.dropFirst() {
            guard case .integer(let index) = argument else {
                throw Refusal(message: "cannot index slice/array with type \(argument.typeName)")
            }
            guard (0...Int64(count)).contains(index) else { throw Refusal(message: "index out of range: \(index)") }
            bounds.append(Int(index))
        }
        guard bounds.count <= 3 else { throw Refusal(message: "too many slice indexes: \(bounds.count)") }
        let (from, to) = (bounds.first ?? 0, bounds.count > 1 ? bounds[1] : count)
        guard from <= to else { throw Refusal(message: "invalid slice index: \(from) > \(to)") }
        if case .list(let values) = value { return .list(Array(values[from..<to])) }
        guard bounds.count <= 2 else { throw Refusal(message: "cannot 3-index slice a string") }
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
