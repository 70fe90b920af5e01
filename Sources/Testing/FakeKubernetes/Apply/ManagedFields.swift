// SPDX-License-Identifier: Apache-2.0

import SPIFFE

/// Who has set which fields of an object.
struct ManagedFields: Sendable {
    struct Manager: Hashable, Sendable {
        let name: String
        /// `Apply` or `Update`.
        let operation: String
        let apiVersion: String
        let subresource: String
    }

    struct Entry: Sendable {
        let manager: Manager
        var time: String
        var fields: FieldSet
    }

    var entries: [Entry]

    init(_ object: JSONValue?) {
        entries = (object?[at: "metadata", "managedFields"]?.array ?? []).map { entry in
            Entry(
                manager: Manager(
                    name: entry["manager"]?.string ?? "", operation: entry["operation"]?.string ?? "Update",
                    apiVersion: entry["apiVersion"]?.string ?? "", subresource: entry["subresource"]?.string ?? ""),
                time: entry["time"]?.string ?? "", fields: FieldSet(entry["fieldsV1"] ?? [:]))
        }
    }

    var json: JSONValue {
        .array(
            entries.map { entry in
                var value: JSONValue = [
                    "manager": .string(entry.manager.name), "operation": .string(entry.manager.operation),
                    "apiVersion": .string(entry.manager.apiVersion), "time": .string(entry.time),
                    "fieldsType": "FieldsV1", "fieldsV1": entry.fields.json,
                ]
                if !entry.manager.subresource.isEmpty {
                    value[at: "subresource"] = .string(entry.manager.subresource)
                }
                return value
            })
    }

    func fields(of manager: Manager) -> FieldSet {
        entries.first { $0.manager == manager }?.fields ?? FieldSet()
    }

    /// What all but one manager have set.
    func others(than manager: Manager) -> [Entry] {
        entries.filter { $0.manager != manager }
    }

    /// Gives a manager exactly these fields.
    mutating func set(_ fields: FieldSet, of manager: Manager, at time: String) {
        if let index = entries.firstIndex(where: { $0.manager == manager }) {
            if entries[index].fields != fields {
                entries[index].fields = fields
                entries[index].time = time
            }
        } else if !fields.isEmpty {
            entries.append(Entry(manager: manager, time: time, fields: fields))
        }
        entries.removeAll(where: \.fields.isEmpty)
    }

    /// Takes fields from all managers but one.
    mutating func take(_ fields: FieldSet, fromAllBut manager: Manager?) {
        for index in entries.indices where entries[index].manager != manager {
            entries[index].fields = entries[index].fields.subtracting(fields)
        }
        entries.removeAll(where: \.fields.isEmpty)
    }
}
