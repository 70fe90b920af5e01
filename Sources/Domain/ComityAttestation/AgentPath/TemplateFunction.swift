// SPDX-License-Identifier: Apache-2.0

/// A function that templates may call, by the name it has in Go or in the sprig library.
package struct TemplateFunction: Hashable, Sendable {
    /// What a function does with its arguments, whose number fits.
    struct Rule: Sendable {
        var arity: ClosedRange<Int>
        var body: @Sendable (TemplateArguments) throws(TemplateError) -> TemplateValue

        init(
            _ arity: ClosedRange<Int>,
            _ body: @escaping @Sendable (TemplateArguments) throws(TemplateError) -> TemplateValue
        ) {
            self.arity = arity
            self.body = body
        }
    }

    /// All that there are.
    package static var names: [String] { rules.keys.sorted() }

    private static let rules = comparisons.merging(texts) { $1 }.merging(lists) { $1 }
    static let any = 0...64

    let name: String

    /// `nil` when there is no function of this name.
    init?(named name: String) {
        guard Self.rules[name] != nil else { return nil }
        self.name = name
    }

    func call(_ arguments: [TemplateValue]) throws(TemplateError) -> TemplateValue {
        guard let rule = Self.rules[name] else { throw TemplateError("function \(name.goQuoted) not defined") }
        guard rule.arity.contains(arguments.count) else {
            throw TemplateError("wrong number of args for \(name): got \(arguments.count)")
        }
        do {
            return try rule.body(TemplateArguments(values: arguments))
        } catch {
            throw TemplateError("error calling \(name): \(error.message)")
        }
    }
}

/// The arguments of a call, each read as what the function needs.
struct TemplateArguments {
    let values: [TemplateValue]

    var count: Int { values.count }
    subscript(_ index: Int) -> TemplateValue { values[index] }

    func text(_ index: Int) throws(TemplateError) -> String {
        guard case .string(let text) = values[index] else {
            throw TemplateError("expected string; got \(values[index].kind)")
        }
        return text
    }

    func integer(_ index: Int) throws(TemplateError) -> Int {
        guard case .integer(let number) = values[index] else {
            throw TemplateError("expected int; got \(values[index].kind)")
        }
        return number
    }

    func list(_ index: Int) throws(TemplateError) -> [TemplateValue] {
        guard case .list(let list) = values[index] else {
            throw TemplateError("expected list; got \(values[index].kind)")
        }
        return list
    }
}
