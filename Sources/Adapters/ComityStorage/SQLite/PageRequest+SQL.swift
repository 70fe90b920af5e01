// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import GRDB

extension PageRequest {
    /// The rows of this page, in order of creation, and the token of the next.
    ///
    /// A page with rows has a token even if nothing follows, as SPIRE's has.
    func rows(_ db: Database, of table: String, where condition: SQL) throws -> (rows: [Row], nextToken: String) {
        let after = try afterRowID()
        // SQLite takes a negative limit for none.
        let limit = size > 0 ? size : -1
        let request: SQLRequest<Row> = """
            SELECT * FROM \(sql: table) WHERE \(literal: condition) AND id > \(after) ORDER BY id LIMIT \(limit)
            """
        let rows = try request.fetchAll(db)
        guard size > 0, let last = rows.last?["id"] as Int64? else { return (rows, "") }
        return (rows, String(last))
    }

    private func afterRowID() throws(RegistryError) -> Int64 {
        guard size > 0, !token.isEmpty else { return 0 }
        guard let id = Int64(token), id >= 0 else {
            throw RegistryError(.invalidArgument, "could not parse token '\(token)'")
        }
        return id
    }
}

/// All conditions at once.
func conjunction(_ conditions: [SQL]) -> SQL {
    conditions.isEmpty ? "TRUE" : conditions.joined(separator: " AND ")
}
