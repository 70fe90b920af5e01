// SPDX-License-Identifier: Apache-2.0

import SPIFFE

extension SchemaNode {
    /// Puts in the defaults of what is missing, and of what is null and may not be.
    func defaulted(_ value: JSONValue) -> JSONValue {
        switch value {
        case .object(var object):
            for (name, schema) in properties.sorted(by: { $0.key < $1.key }) {
                let present = object[name]
                if present == nil || (present == .null && !schema.isNullable), let value = schema.defaultValue {
                    object[name] = value
                } else if present == .null, !schema.isNullable {
                    object[name] = nil
                }
            }
            for member in object.members {
                if let schema = self.member(member.name) { object[member.name] = schema.defaulted(member.value) }
            }
            return .object(object)
        case .array(let elements): return items.map { items in .array(elements.map(items.defaulted)) } ?? value
        default: return value
        }
    }
}
