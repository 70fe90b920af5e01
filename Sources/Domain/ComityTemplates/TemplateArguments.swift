// SPDX-License-Identifier: Apache-2.0

/// The arguments of a call, each read as what the function needs.
package struct TemplateArguments {
    package let values: [TemplateValue]
    /// What a function gives must not be longer.
    package let maximumBytes: Int

    package var count: Int { values.count }
    package subscript(_ index: Int) -> TemplateValue { values[index] }

    package func text(_ index: Int) throws(TemplateFunction.Refusal) -> String {
        guard case .string(let text) = values[index] else { throw refusal(index, "string") }
        return text
    }

    package func integer(_ index: Int) throws(TemplateFunction.Refusal) -> Int {
        guard case .integer(let number) = values[index], let number = Int(exactly: number) else {
            throw refusal(index, "int")
        }
        return number
    }

    package func list(_ index: Int) throws(TemplateFunction.Refusal) -> [TemplateValue] {
        guard case .list(let list) = values[index] else { throw refusal(index, "list") }
        return list
    }

    package func map(_ index: Int) throws(TemplateFunction.Refusal) -> [String: String] {
        guard case .map(let members) = values[index] else { throw refusal(index, "dict") }
        return members
    }

    private func refusal(_ index: Int, _ wanted: String) -> TemplateFunction.Refusal {
        TemplateFunction.Refusal("expected \(wanted); got \(values[index].typeName)")
    }
}
