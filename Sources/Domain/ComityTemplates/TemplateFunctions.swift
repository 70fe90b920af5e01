// SPDX-License-Identifier: Apache-2.0

/// The functions that a template may call, by name.
package final class TemplateFunctions: Hashable, Sendable {
    /// Go's own, and no others.
    package static let go = TemplateFunctions(
        Dictionary(uniqueKeysWithValues: GoFunction.allCases.map { ($0.rawValue, $0.function) }))

    private let functions: [String: TemplateFunction]

    private init(_ functions: [String: TemplateFunction]) {
        self.functions = functions
    }

    /// More functions; where the names are the same, they take the place of those that were.
    package func adding(_ more: [String: TemplateFunction]) -> TemplateFunctions {
        TemplateFunctions(functions.merging(more) { $1 })
    }

    package var names: [String] { functions.keys.sorted() }

    subscript(name: String) -> TemplateFunction? { functions[name] }

    package static func == (left: TemplateFunctions, right: TemplateFunctions) -> Bool {
        left === right
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(ObjectIdentifier(self))
    }
}
