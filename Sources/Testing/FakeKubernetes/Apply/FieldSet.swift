// SPDX-License-Identifier: Apache-2.0

import SPIFFE

/// Fields of an object as `managedFields` names them: `f:` a member, `k:` an element of a keyed list, `v:` one of a set.
struct FieldSet: Hashable, Sendable {
    /// Whether the value at this place itself is in the set.
    var isMember = false
    var children: [String: FieldSet] = [:]

    static let value = FieldSet(isMember: true)

    var isEmpty: Bool { !isMember && children.values.allSatisfy(\.isEmpty) }

    func union(_ other: FieldSet) -> FieldSet {
        FieldSet(
            isMember: isMember || other.isMember, children: children.merging(other.children) { $0.union($1) })
    }

    func intersection(_ other: FieldSet) -> FieldSet {
        combined(with: other, isMember: isMember && other.isMember) { child, otherChild in
            child.intersection(otherChild ?? FieldSet())
        }
    }

    func subtracting(_ other: FieldSet) -> FieldSet {
        combined(with: other, isMember: isMember && !other.isMember) { child, otherChild in
            child.subtracting(otherChild ?? FieldSet())
        }
    }

    private func combined(
        with other: FieldSet, isMember: Bool, _ combine: (FieldSet, FieldSet?) -> FieldSet
    ) -> FieldSet {
        var result = FieldSet(isMember: isMember)
        for (name, child) in children {
            let combined = combine(child, other.children[name])
            if !combined.isEmpty { result.children[name] = combined }
        }
        return result
    }

    /// The places in the set as messages write them: `.spec.ports[containerPort=80].name`.
    func paths(below path: String = "") -> [String] {
        (isMember ? [path] : [])
            + children.sorted { $0.key < $1.key }.flatMap { $1.paths(below: path + Self.shown($0)) }
    }

    private static func shown(_ name: String) -> String {
        let text = String(name.dropFirst(2))
        guard name.hasPrefix("k:"), let key = try? JSONValue(parsing: Array(text.utf8), maximumBytes: .max) else {
            return name.hasPrefix("v:") ? "[=\(text)]" : ".\(text)"
        }
        return "[" + (key.object?.members.map { "\($0.name)=\($0.value)" } ?? []).joined(separator: ",") + "]"
    }
}
