// SPDX-License-Identifier: Apache-2.0

import SPIFFE

extension FieldSet {
    /// Every field that a value has.
    static func of(_ value: JSONValue, _ rules: MergeRules, at path: [String] = []) -> FieldSet {
        parts(of: value, rules, path).map { parts in
            FieldSet(
                isMember: parts.isEmpty || path.isEmpty == false && parts.contains { $0.name == "." },
                children: Dictionary(
                    parts.filter { $0.name != "." }.map { part in
                        var child = of(part.value, rules, at: part.path)
                        if part.name.hasPrefix("k:") { child.isMember = true }
                        return (part.name, child)
                    }, uniquingKeysWith: { first, _ in first }))
        } ?? .value
    }

    /// The fields of a value that an older one has not, or has otherwise.
    static func changes(
        from old: JSONValue?, to new: JSONValue, _ rules: MergeRules, at path: [String] = []
    ) -> FieldSet {
        guard let old else {
            var all = of(new, rules, at: path)
            all.isMember = true
            return all
        }
        guard old != new else { return FieldSet() }
        guard let newParts = parts(of: new, rules, path), let oldParts = parts(of: old, rules, path) else {
            return .value
        }
        let known = Dictionary(oldParts.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
        var result = FieldSet()
        for part in newParts {
            let changed = changes(from: known[part.name], to: part.value, rules, at: part.path)
            if !changed.isEmpty { result.children[part.name] = changed }
        }
        return result
    }

    /// A part of an object or of a keyed list or set, with its name in a field set.
    private struct Part {
        let name: String
        let value: JSONValue
        let path: [String]
    }

    /// - Returns: `nil` for a value that is one field.
    private static func parts(of value: JSONValue, _ rules: MergeRules, _ path: [String]) -> [Part]? {
        switch (value, rules.treatment(of: value, at: path)) {
        case (.object(let object), .members):
            object.members.map { Part(name: "f:\($0.name)", value: $0.value, path: path + [$0.name]) }
        case (.array(let elements), .keyed(let keys)):
            elements.map { Part(name: "k:\(MergeRules.key(of: $0, keys))", value: $0, path: path) }
        case (.array(let elements), .set):
            elements.map { Part(name: "v:\($0)", value: .string(""), path: path) }
        default: nil
        }
    }
}
