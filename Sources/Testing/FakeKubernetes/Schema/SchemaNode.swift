// SPDX-License-Identifier: Apache-2.0

import SPIFFE

/// A structural schema of a CustomResourceDefinition, read once.
///
/// CEL rules (`x-kubernetes-validations`) are not evaluated here: they are tested on their own, as tables.
final class SchemaNode: Sendable {
    let source: JSONValue
    let type: String?
    let properties: [String: SchemaNode]
    let additional: SchemaNode?
    /// Whether any member is allowed: `additionalProperties: true`.
    let allowsAdditional: Bool
    let items: SchemaNode?
    let required: [String]
    let isNullable: Bool
    let preservesUnknown: Bool
    let isIntOrString: Bool
    /// Whether it holds whole objects of Kubernetes, with `apiVersion`, `kind` and `metadata`.
    let isEmbedded: Bool
    let defaultValue: JSONValue?
    let listType: String?
    let listKeys: [String]
    let isAtomicMap: Bool
    let rules: ValueRules

    init(_ source: JSONValue) {
        self.source = source
        type = source["type"]?.string
        properties = (source["properties"]?.object?.dictionary ?? [:]).mapValues(SchemaNode.init)
        let additional = source["additionalProperties"]
        self.additional = additional?.object.map { _ in SchemaNode(additional ?? .null) }
        allowsAdditional = additional?.bool ?? false
        items = source["items"].map(SchemaNode.init)
        required = (source["required"]?.array ?? []).compactMap(\.string)
        isNullable = source["nullable"]?.bool ?? false
        preservesUnknown = source["x-kubernetes-preserve-unknown-fields"]?.bool ?? false
        isIntOrString = source["x-kubernetes-int-or-string"]?.bool ?? false
        isEmbedded = source["x-kubernetes-embedded-resource"]?.bool ?? false
        defaultValue = source["default"]
        listType = source["x-kubernetes-list-type"]?.string
        listKeys = (source["x-kubernetes-list-map-keys"]?.array ?? []).compactMap(\.string)
        isAtomicMap = source["x-kubernetes-map-type"]?.string == "atomic"
        rules = ValueRules(source)
    }

    /// The schema of a member, if the schema knows it.
    func member(_ name: String) -> SchemaNode? {
        properties[name] ?? additional
    }
}
