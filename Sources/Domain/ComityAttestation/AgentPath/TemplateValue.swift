// SPDX-License-Identifier: Apache-2.0

/// What a template works with.
package enum TemplateValue: Hashable, Sendable {
    case bool(Bool)
    case integer(Int)
    case string(String)
    case list([TemplateValue])
    /// Names that depend on the node; asking for one that is not there is an error.
    case map([String: TemplateValue])
    /// Named fields that are there for every node.
    case record([String: TemplateValue])

    package static func strings(_ values: some Sequence<String>) -> TemplateValue {
        .list(values.map { .string($0) })
    }

    /// As it is printed into a path.
    var text: String {
        switch self {
        case .bool(let value): value ? "true" : "false"
        case .integer(let value): String(value)
        case .string(let value): value
        case .list(let values): "[" + values.map(\.text).joined(separator: " ") + "]"
        case .map(let members), .record(let members):
            "map[" + members.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value.text)" }.joined(separator: " ")
                + "]"
        }
    }

    /// Whether a condition takes it for true: everything but the zero of its kind.
    var isTrue: Bool {
        switch self {
        case .bool(let value): value
        case .integer(let value): value != 0
        case .string(let value): !value.isEmpty
        case .list(let values): !values.isEmpty
        case .map(let members): !members.isEmpty
        case .record: true
        }
    }

    var kind: String {
        switch self {
        case .bool: "bool"
        case .integer: "int"
        case .string: "string"
        case .list: "list"
        case .map: "map"
        case .record: "struct"
        }
    }

    /// The member of this name.
    func field(_ name: String) throws(TemplateError) -> TemplateValue {
        switch self {
        case .record(let fields):
            guard let value = fields[name] else { throw TemplateError("can't evaluate field \(name)") }
            return value
        case .map(let members):
            guard let value = members[name] else { throw TemplateError("map has no entry for key \(name.goQuoted)") }
            return value
        default: throw TemplateError("can't evaluate field \(name) in type \(kind)")
        }
    }
}
