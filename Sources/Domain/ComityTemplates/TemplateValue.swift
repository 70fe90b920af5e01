// SPDX-License-Identifier: Apache-2.0

/// What a template computes with.
package indirect enum TemplateValue: Hashable, Sendable {
    /// What a key that a map does not have gives.
    case missing
    /// `nil`: the literal, and pointers to nothing.
    case null
    case bool(Bool)
    case integer(Int64)
    case float(Double)
    case string(String)
    case list([TemplateValue])
    /// With text keys and text values, such as labels.
    case map([String: String])
    case record(TemplateRecord)

    package static func strings(_ values: some Sequence<String>) -> TemplateValue {
        .list(values.map { .string($0) })
    }

    /// What `if` and `and` take for true: all but what is empty.
    package var isTrue: Bool {
        switch self {
        case .missing, .null: false
        case .bool(let value): value
        case .integer(let value): value != 0
        case .float(let value): value != 0
        case .string(let value): !value.isEmpty
        case .list(let values): !values.isEmpty
        case .map(let values): !values.isEmpty
        case .record: true
        }
    }

    /// As `print` and an action write it.
    package var text: String {
        switch self {
        case .missing: "<no value>"
        case .null: "<nil>"
        case .bool(let value): value ? "true" : "false"
        case .integer(let value): String(value)
        case .float(let value): GoNumber.shortest(value)
        case .string(let value): value
        case .list(let values): "[" + values.map(\.text).joined(separator: " ") + "]"
        case .map(let values):
            "map[" + values.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value)" }.joined(separator: " ") + "]"
        case .record(let record):
            "{" + record.type.fields.map { record.value(of: $0).text }.joined(separator: " ") + "}"
        }
    }

    /// What messages call its type, in Go's words.
    package var typeName: String {
        switch self {
        case .missing, .null: "nil"
        case .bool: "bool"
        case .integer: "int"
        case .float: "float64"
        case .string: "string"
        case .list: "[]interface {}"
        case .map: "map[string]string"
        case .record(let record): record.type.name
        }
    }
}
