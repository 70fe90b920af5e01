// SPDX-License-Identifier: Apache-2.0

/// A structure with named fields, such as the metadata of a pod.
package struct TemplateRecord: Hashable, Sendable {
    package let type: TemplateType
    private let values: [String: TemplateValue]

    /// - Parameter values: By Go's field names; a field that is left out is empty.
    package init(_ type: TemplateType, _ values: [String: TemplateValue]) {
        self.type = type
        self.values = values
    }

    /// A structure that is its fields and no more.
    ///
    /// - Parameter name: As messages call it.
    package init(named name: String, _ values: [String: TemplateValue]) {
        self.init(TemplateType(name, fields: values.keys.sorted()), values)
    }

    /// `nil` when the type has no such field.
    subscript(name: String) -> TemplateValue? {
        guard let field = type.field(name) else { return nil }
        return value(of: field)
    }

    func value(of field: TemplateType.Field) -> TemplateValue {
        values[field.name] ?? field.shape.empty
    }
}
