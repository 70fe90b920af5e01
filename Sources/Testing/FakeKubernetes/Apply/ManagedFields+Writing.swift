// SPDX-License-Identifier: Apache-2.0

import SPIFFE

extension ManagedFields {
    /// Notes what a manager has changed other than by applying.
    mutating func recordUpdate(
        by manager: Manager, from old: JSONValue?, to new: JSONValue, _ rules: MergeRules, at time: String
    ) {
        let new = new.withoutSystemFields
        let old = old?.withoutSystemFields
        let changed = FieldSet.changes(from: old ?? [:], to: new, rules)
        if let old { take(FieldSet.of(old, rules).subtracting(FieldSet.of(new, rules)), fromAllBut: nil) }
        guard !changed.isEmpty else { return }
        take(changed, fromAllBut: manager)
        set(fields(of: manager).union(changed), of: manager, at: time)
    }

    /// Lays a configuration over an object: what its manager applied before and applies no more goes away.
    ///
    /// - Throws: a conflict, when it would change what others have set and is not to be forced.
    mutating func apply(
        _ configuration: JSONValue, by manager: Manager, over live: JSONValue, _ rules: MergeRules, isForced: Bool,
        at time: String
    ) throws(APIStatus) -> JSONValue {
        let wanted = configuration.withoutSystemFields
        let fields = FieldSet.of(wanted, rules)
        var merged = live.merged(with: wanted, rules)
        let changed = FieldSet.changes(from: live.withoutSystemFields, to: merged.withoutSystemFields, rules)
        let conflicts = others(than: manager).compactMap { entry -> (Entry, FieldSet)? in
            let common = entry.fields.intersection(fields).intersection(changed)
            return common.isEmpty ? nil : (entry, common)
        }
        guard conflicts.isEmpty || isForced else { throw .applyConflict(conflicts) }
        for (_, common) in conflicts { take(common, fromAllBut: manager) }
        let kept = others(than: manager).reduce(FieldSet()) { $0.union($1.fields) }
        merged = merged.removing(self.fields(of: manager).subtracting(fields).subtracting(kept), rules)
        set(fields, of: manager, at: time)
        return merged
    }
}

extension JSONValue {
    /// The object without what no manager owns.
    var withoutSystemFields: JSONValue {
        var value = self
        for name in ["apiVersion", "kind"] { value[at: name] = nil }
        for name in [
            "name", "namespace", "generateName", "uid", "resourceVersion", "generation", "creationTimestamp",
            "deletionTimestamp", "deletionGracePeriodSeconds", "selfLink", "managedFields",
        ] {
            value[at: "metadata", name] = nil
        }
        if value["metadata"]?.isEmptyContainer ?? false { value[at: "metadata"] = nil }
        return value
    }
}

extension APIStatus {
    fileprivate static func applyConflict(_ conflicts: [(ManagedFields.Entry, FieldSet)]) -> APIStatus {
        let causes = conflicts.flatMap { entry, fields in
            fields.paths().map { path in
                (who: "\(entry.manager.name.quoted) using \(entry.manager.apiVersion)", path: path)
            }
        }
        let list = causes.map { "conflict with \($0.who): \($0.path)" }
        let count = causes.count == 1 ? "1 conflict: " : "\(causes.count) conflicts: "
        return APIStatus(
            409, "Conflict", "Apply failed with \(count)\(list.joined(separator: "\n"))",
            details: [
                "causes": .array(
                    causes.map { cause in
                        [
                            "reason": "FieldManagerConflict", "message": .string("conflict with \(cause.who)"),
                            "field": .string(cause.path),
                        ]
                    })
            ])
    }
}
