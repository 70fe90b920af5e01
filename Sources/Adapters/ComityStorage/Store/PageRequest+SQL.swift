// SPDX-License-Identifier: Apache-2.0

import ComityRegistry

extension PageRequest {
    /// The rows of this page, in order of creation, and the token of the next.
    ///
    /// A page with rows has a token even if nothing follows, as SPIRE's has.
    func rows(
        _ db: any SQLConnection, of table: SQLQuery, where condition: SQLQuery
    ) throws -> (rows: [SQLRow], nextToken: String) {
        let after = try afterRowID()
        let limit: SQLQuery = size > 0 ? " LIMIT \(size)" : ""
        let rows = try db.rows("SELECT * FROM \(table) WHERE \(condition) AND id > \(after) ORDER BY id\(limit)")
        guard size > 0, let last = rows.last else { return (rows, "") }
        let lastID: Int64 = try last["id"]
        return (rows, String(lastID))
    }

    private func afterRowID() throws(RegistryError) -> Int64 {
        guard size > 0, !token.isEmpty else { return 0 }
        guard let id = Int64(token), id >= 0 else {
            throw RegistryError(.invalidArgument, "could not parse token '\(token)'")
        }
        return id
    }
}
