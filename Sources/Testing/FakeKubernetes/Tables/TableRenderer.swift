// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import SPIFFE

/// Makes the tables that `kubectl get` prints.
struct TableRenderer: Sendable {
    let type: APIType
    let form: TableForm

    func table(of objects: [StoredObject], metadata: JSONValue) -> JSONValue {
        [
            "kind": "Table", "apiVersion": .string("meta.k8s.io/\(form.version)"), "metadata": metadata,
            "columnDefinitions": .array(columns), "rows": .array(objects.map(row)),
        ]
    }

    private var columns: [JSONValue] {
        let name: JSONValue = [
            "name": "Name", "type": "string", "format": "name", "description": "Name of the object", "priority": 0,
        ]
        return [name] + type.columns.map(\.definition)
    }

    private func row(_ object: StoredObject) -> JSONValue {
        let value = object.value
        var row: JSONValue = [
            "cells": .array([.string(object.name.name)] + type.columns.map { cell($0, value) })
        ]
        switch form.inclusion {
        case .whole: row[at: "object"] = value
        case .none: break
        case .metadata:
            row[at: "object"] = [
                "kind": "PartialObjectMetadata", "apiVersion": .string("meta.k8s.io/\(form.version)"),
                "metadata": value["metadata"] ?? [:],
            ]
        }
        return row
    }

    private func cell(_ column: TableColumn, _ value: JSONValue) -> JSONValue {
        let found = column.path.values(in: value)
        guard let first = found.first else { return column.type == "date" ? "<unknown>" : .null }
        switch (column.type, first) {
        case ("date", .string(let text)): return .string(Self.age(text))
        case ("integer", .object(let object)): return .number(JSONNumber(object.members.count))
        case ("integer", .array(let elements)): return .number(JSONNumber(elements.count))
        case ("string", .string), ("integer", .number), ("number", .number), ("boolean", .bool): break
        case ("string", _): return .string(found.map { $0.string ?? "\($0)" }.joined(separator: ","))
        default: return .null
        }
        return found.count == 1 ? first : .string(found.map { $0.string ?? "\($0)" }.joined(separator: ","))
    }

    /// How long ago a time is, as `kubectl` says it.
    private static func age(_ text: String) -> String {
        guard let date = try? Date(text, strategy: .iso8601) else { return "<invalid>" }
        let seconds = max(0, Int(Date().timeIntervalSince(date)))
        let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400)
        return switch seconds {
        case ..<120: "\(seconds)s"
        case ..<600: "\(minutes)m" + (seconds % 60 == 0 ? "" : "\(seconds % 60)s")
        case ..<10_800: "\(minutes)m"
        case ..<28_800: "\(hours)h" + (minutes % 60 == 0 ? "" : "\(minutes % 60)m")
        case ..<172_800: "\(hours)h"
        case ..<691_200: "\(days)d" + (hours % 24 == 0 ? "" : "\(hours % 24)h")
        default: "\(days)d"
        }
    }
}
