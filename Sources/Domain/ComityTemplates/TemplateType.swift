// SPDX-License-Identifier: Apache-2.0

/// A Go structure as templates see it: its field names, which differ from those in JSON, and their types.
package final class TemplateType: Hashable, Sendable {
    package indirect enum Shape: Hashable, Sendable {
        case string, integer, bool
        /// `map[string]string`.
        case map
        case list(Shape)
        case record(TemplateType)
        /// A pointer: nothing when it is left out.
        case optional(Shape)

        /// What a field has that was left out.
        var empty: TemplateValue {
            switch self {
            case .string: .string("")
            case .integer: .integer(0)
            case .bool: .bool(false)
            case .map: .map([:])
            case .list: .list([])
            case .record(let type): .record(TemplateRecord(type, [:]))
            case .optional: .null
            }
        }
    }

    package struct Field: Hashable, Sendable {
        package let name: String
        package let json: String
        package let shape: Shape
    }

    /// As Go prints it: `v1.ObjectMeta`.
    package let name: String
    package let fields: [Field]
    /// Whether `GetName` and the like give the fields too.
    let hasGetters: Bool

    /// - Parameter fields: JSON names; Go's follow from them, but for those that `goNames` lists.
    package init(
        _ name: String, _ fields: KeyValuePairs<String, Shape>, goNames: [String: String] = [:],
        hasGetters: Bool = false
    ) {
        self.name = name
        self.hasGetters = hasGetters
        self.fields = fields.map { json, shape in
            Field(name: goNames[json] ?? json.prefix(1).uppercased() + json.dropFirst(), json: json, shape: shape)
        }
    }

    /// - Parameter fields: Go names of fields that every value has.
    init(_ name: String, fields: [String]) {
        self.name = name
        hasGetters = false
        self.fields = fields.map { Field(name: $0, json: $0, shape: .string) }
    }

    func field(_ name: String) -> Field? {
        let wanted = hasGetters && name.hasPrefix("Get") ? String(name.dropFirst(3)) : name
        return fields.first { $0.name == wanted }
    }

    package static func == (left: TemplateType, right: TemplateType) -> Bool {
        left === right
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(ObjectIdentifier(self))
    }
}
