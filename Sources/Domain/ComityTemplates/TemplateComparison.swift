// SPDX-License-Identifier: Apache-2.0

/// How `eq`, `lt` and their kind compare.
enum TemplateComparison {
    static func areEqual(_ left: TemplateValue, _ right: TemplateValue) throws(TemplateFunction.Refusal) -> Bool {
        switch (left, right) {
        case (.bool(let left), .bool(let right)): return left == right
        case (.integer(let left), .integer(let right)): return left == right
        case (.float(let left), .float(let right)): return left == right
        case (.string(let left), .string(let right)): return left == right
        case (.missing, .missing), (.null, .null), (.missing, .null), (.null, .missing): return true
        case (.missing, _), (.null, _), (_, .missing), (_, .null): return false
        case (.list, _), (_, .list), (.map, _), (_, .map):
            throw TemplateFunction.Refusal("non-comparable type: \(left.typeName)")
        case (.record(let left), .record(let right)) where left.type == right.type: return left == right
        default: throw TemplateFunction.Refusal("incompatible types for comparison")
        }
    }

    static func isLess(_ left: TemplateValue, _ right: TemplateValue) throws(TemplateFunction.Refusal) -> Bool {
        switch (left, right) {
        case (.integer(let left), .integer(let right)): return left < right
        case (.float(let left), .float(let right)): return left < right
        case (.string(let left), .string(let right)): return left.utf8.lexicographicallyPrecedes(right.utf8)
        case (.bool, _), (.list, _), (.map, _), (.record, _), (.missing, _), (.null, _):
            throw TemplateFunction.Refusal("invalid type for comparison")
        default: throw TemplateFunction.Refusal("incompatible types for comparison")
        }
    }
}
