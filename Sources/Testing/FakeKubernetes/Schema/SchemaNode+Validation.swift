// SPDX-License-Identifier: Apache-2.0

import SPIFFE

extension SchemaNode {
    /// What the schema does not allow about a value.
    func faults(in value: JSONValue, at path: String = "") -> [FieldFault] {
        if value == .null { return isNullable || type == nil ? [] : [typeFault(value, path)] }
        if isIntOrString {
            guard value.string != nil || value.number?.isInteger == true else { return [typeFault(value, path)] }
        } else if let type, !Self.is(value, type) {
            return [typeFault(value, path)]
        }
        return rules.faults(in: value, at: path) + faultsInside(value, at: path) + faultsOfAlternatives(value, at: path)
    }

    private func faultsInside(_ value: JSONValue, at path: String) -> [FieldFault] {
        switch value {
        case .object(let object):
            let missing = required.filter { object[$0] == nil }.map { FieldFault.required(Self.join(path, $0)) }
            return missing
                + object.members.flatMap { member in
                    self.member(member.name)?.faults(in: member.value, at: Self.join(path, member.name)) ?? []
                }
        case .array(let elements):
            let inside = elements.enumerated().flatMap { index, element in
                items?.faults(in: element, at: "\(path)[\(index)]") ?? []
            }
            return inside + duplicates(elements, at: path)
        default: return []
        }
    }

    /// Elements of sets, and keys of lists that are maps, occur once.
    private func duplicates(_ elements: [JSONValue], at path: String) -> [FieldFault] {
        guard listType == "set" || listType == "map" else { return [] }
        var seen: Set<JSONValue> = []
        return elements.enumerated().compactMap { index, element in
            var key = element
            if listType == "map" {
                key = [:]
                for name in listKeys { key[at: name] = element[name] ?? items?.properties[name]?.defaultValue }
            }
            guard !seen.insert(key).inserted else { return nil }
            return FieldFault(
                path: "\(path)[\(index)]", reason: .duplicate, message: "Duplicate value: \(key)")
        }
    }

    private func faultsOfAlternatives(_ value: JSONValue, at path: String) -> [FieldFault] {
        var faults = rules.allOf.flatMap { $0.faults(in: value, at: path) }
        let place = path.isEmpty ? "<nil>" : path
        if !rules.anyOf.isEmpty, !rules.anyOf.contains(where: { $0.faults(in: value, at: path).isEmpty }) {
            faults.append(.invalid(place, value, "\(path) in body must validate at least one schema (anyOf)"))
        }
        if !rules.oneOf.isEmpty, rules.oneOf.count(where: { $0.faults(in: value, at: path).isEmpty }) != 1 {
            faults.append(.invalid(place, value, "\(path) in body must validate one and only one schema (oneOf)"))
        }
        if let not = rules.not, not.faults(in: value, at: path).isEmpty {
            faults.append(.invalid(place, value, "\(path) in body must not validate the schema (not)"))
        }
        return faults
    }

    private func typeFault(_ value: JSONValue, _ path: String) -> FieldFault {
        let wanted = isIntOrString ? "integer or string" : type ?? "any"
        return FieldFault(
            path: path, reason: .typeInvalid,
            message: "Invalid value: \(value.kind.quoted): \(path) in body must be of type \(wanted): "
                + value.kind.quoted)
    }

    private static func `is`(_ value: JSONValue, _ type: String) -> Bool {
        switch (type, value) {
        case ("object", .object), ("array", .array), ("string", .string), ("boolean", .bool), ("number", .number): true
        case ("integer", .number(let number)): number.double.map { $0.rounded() == $0 } ?? false
        default: false
        }
    }

    private static func join(_ path: String, _ name: String) -> String {
        path.isEmpty ? name : "\(path).\(name)"
    }
}
