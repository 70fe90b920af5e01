// SPDX-License-Identifier: Apache-2.0

import SPIFFE

/// What a schema demands of a value beside its type and structure.
struct ValueRules: Sendable {
    let allowed: [JSONValue]?
    let pattern: String?
    let format: String?
    let minimum: Double?
    let maximum: Double?
    let excludesMinimum: Bool
    let excludesMaximum: Bool
    let multipleOf: Double?
    let lengths: ClosedRange<Int>
    let counts: ClosedRange<Int>
    let sizes: ClosedRange<Int>
    let allOf: [SchemaNode]
    let anyOf: [SchemaNode]
    let oneOf: [SchemaNode]
    let not: SchemaNode?

    init(_ source: JSONValue) {
        allowed = source["enum"]?.array
        pattern = source["pattern"]?.string
        format = source["format"]?.string
        minimum = source["minimum"]?.number?.double
        maximum = source["maximum"]?.number?.double
        excludesMinimum = source["exclusiveMinimum"]?.bool ?? false
        excludesMaximum = source["exclusiveMaximum"]?.bool ?? false
        multipleOf = source["multipleOf"]?.number?.double
        lengths = Self.range(source, "minLength", "maxLength")
        counts = Self.range(source, "minItems", "maxItems")
        sizes = Self.range(source, "minProperties", "maxProperties")
        allOf = Self.nodes(source["allOf"])
        anyOf = Self.nodes(source["anyOf"])
        oneOf = Self.nodes(source["oneOf"])
        not = source["not"].map(SchemaNode.init)
    }

    private static func nodes(_ value: JSONValue?) -> [SchemaNode] {
        (value?.array ?? []).map(SchemaNode.init)
    }

    private static func range(_ source: JSONValue, _ low: String, _ high: String) -> ClosedRange<Int> {
        let lower = source[low]?.number?.signed.map(Int.init) ?? 0
        return lower...max(lower, source[high]?.number?.signed.map(Int.init) ?? .max)
    }
}
