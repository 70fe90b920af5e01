// SPDX-License-Identifier: Apache-2.0

import SPIFFE

/// A column of the tables that the API makes for `kubectl get`.
struct TableColumn: Sendable {
    let name: String
    /// `string`, `integer`, `number`, `boolean` or `date`.
    let type: String
    let format: String
    let description: String
    /// Columns above 0 are shown with `-o wide`.
    let priority: Int
    let path: JSONPath

    init(_ name: String, _ path: String, type: String = "string", priority: Int = 0) {
        self.name = name
        self.type = type
        format = ""
        description = ""
        self.priority = priority
        self.path = JSONPath(path)
    }

    /// Reads one of a definition's `additionalPrinterColumns`.
    init?(_ definition: JSONValue) {
        guard let name = definition["name"]?.string, let path = definition["jsonPath"]?.string else { return nil }
        self.name = name
        type = definition["type"]?.string ?? "string"
        format = definition["format"]?.string ?? ""
        description = definition["description"]?.string ?? ""
        priority = definition["priority"]?.number?.signed.map(Int.init) ?? 0
        self.path = JSONPath(path)
    }

    static let age = [TableColumn("Age", ".metadata.creationTimestamp", type: "date")]

    var definition: JSONValue {
        [
            "name": .string(name), "type": .string(type == "date" ? "string" : type), "format": .string(format),
            "description": .string(description), "priority": .number(JSONNumber(priority)),
        ]
    }
}
