// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import FoundationEssentials
import GRDB
import SPIFFE

/// Entries in their four tables.
enum EntryRows {
    // MARK: - Reading

    static func rowID(of id: String, in db: Database) throws -> Int64? {
        try Int64.fetchOne(db.cachedStatement(sql: "SELECT id FROM entries WHERE entry_id = ?"), arguments: [id])
    }

    static func fetch(id: String, in db: Database) throws -> (rowID: Int64, entry: Entry)? {
        try fetch(where: "entry_id = \(id)", in: db).first.map { ($0.key, $0.value) }
    }

    /// The entries under their row IDs.
    static func fetch(where condition: SQL, in db: Database) throws -> [Int64: Entry] {
        let request: SQLRequest<Row> = "SELECT * FROM entries WHERE \(literal: condition) ORDER BY id"
        let rows = try request.fetchAll(db)
        return Dictionary(uniqueKeysWithValues: zip(rows.map { $0["id"] }, try entries(rows, in: db)))
    }

    /// The entry with the same SPIFFE ID, parent and selectors.
    static func similar(to entry: Entry, in db: Database) throws -> Entry? {
        let selectors = try SetTable.entrySelectors.condition(entry.selectors.map(\.description), .exact)
        let condition: SQL = """
            spiffe_id = \(entry.spiffeID.uri) AND parent_id = \(entry.parentID.uri) AND \(literal: selectors)
            """
        return try fetch(where: condition, in: db).min { $0.key < $1.key }?.value
    }

    static func entries(_ rows: [Row], in db: Database) throws -> [Entry] {
        let ids = rows.map { $0["id"] as Int64 }
        let selectors = try SetTable.entrySelectors.read(of: ids, in: db)
        let trustDomains = try SetTable.entryTrustDomains.read(of: ids, in: db)
        let dnsNames = try dnsNames(of: ids, in: db)
        return try zip(ids, rows).map { id, row in
            var entry = try entry(row, selectors: selectors[id] ?? [])
            entry.federatesWith = Set(try (trustDomains[id] ?? []).map(StoredText.trustDomain))
            entry.dnsNames = dnsNames[id] ?? []
            return entry
        }
    }

    private static func entry(_ row: Row, selectors: [String]) throws -> Entry {
        var entry = Entry(
            id: row["entry_id"], spiffeID: try StoredText.spiffeID(row["spiffe_id"]),
            parentID: try StoredText.spiffeID(row["parent_id"]),
            selectors: Set(try selectors.map(StoredText.selector)))
        entry.x509SVIDTTL = row["x509_svid_ttl"]
        entry.jwtSVIDTTL = row["jwt_svid_ttl"]
        entry.isAdmin = row["is_admin"]
        entry.isDownstream = row["is_downstream"]
        entry.expiresAt = row.date("expires_at")
        entry.revisionNumber = row["revision_number"]
        entry.storesSVID = row["stores_svid"]
        entry.hint = row["hint"]
        entry.createdAt = Date(timeIntervalSince1970: row["created_at"])
        entry.disablesX509SVIDPrefetch = row["disables_x509_svid_prefetch"]
        entry.includesJTIInJWTSVID = row["includes_jti"]
        return entry
    }

    private static func dnsNames(of ids: [Int64], in db: Database) throws -> [Int64: [String]] {
        let cursor = try Row.fetchCursor(
            db.cachedStatement(
                sql: """
                    SELECT entry_id, name FROM entry_dns_names
                    WHERE entry_id IN (SELECT value FROM json_each(?)) ORDER BY entry_id, position
                    """), arguments: [rowIDs(ids)])
        var names: [Int64: [String]] = [:]
        while let row = try cursor.next() {
            names[row[0], default: []].append(row[1])
        }
        return names
    }

    // MARK: - Writing

    private static let columns = [
        "entry_id", "spiffe_id", "parent_id", "x509_svid_ttl", "jwt_svid_ttl", "is_admin", "is_downstream",
        "expires_at", "revision_number", "stores_svid", "hint", "created_at", "disables_x509_svid_prefetch",
        "includes_jti",
    ]

    static func insert(_ entry: Entry, in db: Database) throws {
        let places = columns.map { _ in "?" }.joined(separator: ", ")
        try db.cachedStatement(
            sql: "INSERT INTO entries (\(columns.joined(separator: ", "))) VALUES (\(places))"
        ).execute(arguments: values(entry))
        try writeSets(entry, rowID: db.lastInsertedRowID, in: db)
    }

    static func update(_ entry: Entry, rowID: Int64, in db: Database) throws {
        let assignments = columns.map { "\($0) = ?" }.joined(separator: ", ")
        try db.cachedStatement(sql: "UPDATE entries SET \(assignments) WHERE id = ?")
            .execute(arguments: values(entry) + [rowID])
        try writeSets(entry, rowID: rowID, in: db)
    }

    private static func values(_ entry: Entry) -> StatementArguments {
        [
            entry.id, entry.spiffeID.uri, entry.parentID.uri, entry.x509SVIDTTL, entry.jwtSVIDTTL, entry.isAdmin,
            entry.isDownstream, entry.expiresAt?.seconds, entry.revisionNumber, entry.storesSVID, entry.hint,
            entry.createdAt.seconds, entry.disablesX509SVIDPrefetch, entry.includesJTIInJWTSVID,
        ]
    }

    private static func writeSets(_ entry: Entry, rowID: Int64, in db: Database) throws {
        try SetTable.entrySelectors.write(entry.selectors.map(\.description), of: rowID, in: db)
        try SetTable.entryTrustDomains.write(entry.federatesWith.map(\.name), of: rowID, in: db)
        try db.cachedStatement(sql: "DELETE FROM entry_dns_names WHERE entry_id = ?").execute(arguments: [rowID])
        let insertion = try db.cachedStatement(
            sql: "INSERT INTO entry_dns_names (entry_id, position, name) VALUES (?, ?, ?)")
        for (position, name) in entry.dnsNames.enumerated() {
            try insertion.execute(arguments: [rowID, position, name])
        }
    }
}
