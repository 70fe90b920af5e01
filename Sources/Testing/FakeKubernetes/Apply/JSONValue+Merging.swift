// SPDX-License-Identifier: Apache-2.0

import SPIFFE

extension JSONValue {
    /// This value with what was applied laid over it.
    func merged(with applied: JSONValue, _ rules: MergeRules, at path: [String] = []) -> JSONValue {
        switch (self, applied, rules.treatment(of: applied, at: path)) {
        case (.object(var object), .object(let other), .members):
            for member in other.members {
                object[member.name] =
                    object[member.name]?.merged(with: member.value, rules, at: path + [member.name]) ?? member.value
            }
            return .object(object)
        case (.array(var elements), .array(let others), .keyed(let keys)):
            for other in others {
                let key = MergeRules.key(of: other, keys)
                if let index = elements.firstIndex(where: { MergeRules.key(of: $0, keys) == key }) {
                    elements[index] = elements[index].merged(with: other, rules, at: path)
                } else {
                    elements.append(other)
                }
            }
            return .array(elements)
        case (.array(let elements), .array(let others), .set):
            return .array(elements + others.filter { !elements.contains($0) })
        default: return applied
        }
    }

    /// This value without some of its fields.
    func removing(_ fields: FieldSet, _ rules: MergeRules, at path: [String] = []) -> JSONValue {
        switch (self, rules.treatment(of: self, at: path)) {
        case (.object(var object), .members):
            for (name, child) in fields.children where name.hasPrefix("f:") {
                let member = String(name.dropFirst(2))
                guard let value = object[member] else { continue }
                let rest = child.children.isEmpty ? value : value.removing(child, rules, at: path + [member])
                let isGone =
                    child.isMember && child.children.isEmpty || rest.isEmptyContainer && !value.isEmptyContainer
                object[member] = isGone ? .none : rest
            }
            return .object(object)
        case (.array(let elements), .keyed(let keys)):
            return .array(
                elements.compactMap { element -> JSONValue? in
                    let key = MergeRules.key(of: element, keys)
                    guard let child = fields.children["k:\(key)"] else { return element }
                    let rest = element.removing(child.subtracting(FieldSet.of(key, rules, at: path)), rules, at: path)
                    return child.isMember && rest == key ? .none : rest
                })
        case (.array(let elements), .set):
            return .array(elements.filter { fields.children["v:\($0)"] == nil })
        default: return self
        }
    }
}
