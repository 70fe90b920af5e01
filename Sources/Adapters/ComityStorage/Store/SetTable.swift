// SPDX-License-Identifier: Apache-2.0

import ComityRegistry

/// A table that holds the elements of a set, one a row.
struct SetTable {
    let name: SQLQuery
    let owner: SQLQuery
    let element: SQLQuery

    static let entrySelectors = SetTable(name: "entry_selectors", owner: "entry_id", element: "selector")
    static let entryTrustDomains = SetTable(
        name: "entry_federated_trust_domains", owner: "entry_id", element: "trust_domain")
    static let nodeSelectors = SetTable(name: "node_selectors", owner: "node_id", element: "selector")

    /// A condition on the column `id`: the set of that row relates to the elements in the given way.
    ///
    /// The elements travel as one argument, so their number has no limit of the database's.
    func condition(_ elements: [String], _ behavior: SetMatch<String>.Behavior) -> SQLQuery {
        let stored: SQLQuery = "(SELECT COUNT(*) FROM \(name) AS s WHERE s.\(owner) = m.\(owner))"
        let having: SQLQuery =
            switch behavior {
            case .any: "COUNT(*) > 0"
            case .superset: "COUNT(*) = \(elements.count)"
            case .subset: "COUNT(*) = \(stored)"
            case .exact: "COUNT(*) = \(elements.count) AND COUNT(*) = \(stored)"
            }
        // What cannot be stored is in no set.
        return """
            id IN (
                SELECT m.\(owner) FROM \(rows: elements.filter(\.isStorable)) AS g
                JOIN \(name) AS m ON m.\(element) = g.value
                GROUP BY m.\(owner) HAVING \(having)
            )
            """
    }

    /// Replaces the set of one row.
    func write(_ elements: some Sequence<String>, of owner: Int64, in db: any SQLConnection) throws {
        try db.execute("DELETE FROM \(name) WHERE \(self.owner) = \(owner)")
        let elements = Array(elements)
        guard !elements.isEmpty else { return }
        for element in elements { try element.requireStorable(as: "\(element.debugDescription)") }
        try db.execute(
            """
            INSERT INTO \(name) (\(self.owner), \(element))
            SELECT \(owner), g.value FROM \(rows: elements) AS g
            """)
    }

    /// The elements of many rows, by row.
    func read(of owners: [Int64], in db: any SQLConnection) throws -> [Int64: [String]] {
        try Self.texts(
            "SELECT \(owner), \(element) FROM \(name) WHERE \(owner) IN \(rows: owners)", in: db)
    }

    /// The second column of a result, by the first.
    static func texts(_ query: SQLQuery, in db: any SQLConnection) throws -> [Int64: [String]] {
        var texts: [Int64: [String]] = [:]
        try db.forEachRow(of: query) { row in
            texts[try row[0], default: []].append(try row[1])
        }
        return texts
    }
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
