// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import FoundationEssentials
import GRDB

/// A table that holds the elements of a set, one a row.
struct SetTable {
    let name: String
    let owner: String
    let element: String

    static let entrySelectors = SetTable(name: "entry_selectors", owner: "entry_id", element: "selector")
    static let entryTrustDomains = SetTable(
        name: "entry_federated_trust_domains", owner: "entry_id", element: "trust_domain")
    static let nodeSelectors = SetTable(name: "node_selectors", owner: "node_id", element: "selector")

    /// A condition on the column `id`: the set of that row relates to the elements in the given way.
    ///
    /// The elements travel as one JSON argument, so their number has no limit of SQLite's.
    func condition(_ elements: [String], _ behavior: SetMatch<String>.Behavior) throws -> SQL {
        let given = String(decoding: try JSONEncoder().encode(elements), as: UTF8.self)
        let stored = "(SELECT COUNT(*) FROM \(name) AS s WHERE s.\(owner) = m.\(owner))"
        let having =
            switch behavior {
            case .any: "COUNT(*) > 0"
            case .superset: "COUNT(*) = \(elements.count)"
            case .subset: "COUNT(*) = \(stored)"
            case .exact: "COUNT(*) = \(elements.count) AND COUNT(*) = \(stored)"
            }
        return """
            id IN (
                SELECT m.\(sql: owner) FROM json_each(\(given)) AS g
                JOIN \(sql: name) AS m ON m.\(sql: element) = g.value
                GROUP BY m.\(sql: owner) HAVING \(sql: having)
            )
            """
    }

    /// Replaces the set of one row.
    func write(_ elements: some Sequence<String>, of owner: Int64, in db: Database) throws {
        try db.cachedStatement(sql: "DELETE FROM \(name) WHERE \(self.owner) = ?").execute(arguments: [owner])
        let insertion = try db.cachedStatement(sql: "INSERT INTO \(name) (\(self.owner), \(element)) VALUES (?, ?)")
        for element in elements {
            try insertion.execute(arguments: [owner, element])
        }
    }

    /// The elements of many rows, by row.
    func read(of owners: [Int64], in db: Database) throws -> [Int64: [String]] {
        let rows = try db.cachedStatement(
            sql: "SELECT \(owner), \(element) FROM \(name) WHERE \(owner) IN (SELECT value FROM json_each(?))")
        let cursor = try Row.fetchCursor(rows, arguments: [rowIDs(owners)])
        var elements: [Int64: [String]] = [:]
        while let row = try cursor.next() {
            elements[row[0], default: []].append(row[1])
        }
        return elements
    }
}

/// Row IDs as one JSON argument.
func rowIDs(_ ids: [Int64]) -> String {
    "[\(ids.map(String.init).joined(separator: ","))]"
}

extension SetMatch {
    var texts: SetMatch<String>.Behavior {
        switch behavior {
        case .exact: .exact
        case .subset: .subset
        case .superset: .superset
        case .any: .any
        }
    }
}
