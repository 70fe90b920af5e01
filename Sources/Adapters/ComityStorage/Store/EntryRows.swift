// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import FoundationEssentials
import SPIFFE

/// Entries in their four tables.
enum EntryRows {
    // MARK: - Reading

    static func rowID(of id: String, in db: any SQLConnection) throws -> Int64? {
        try db.firstValue("SELECT id FROM entries WHERE entry_id = \(id)")
    }

    static func fetch(id: String, in db: any SQLConnection) throws -> (rowID: Int64, entry: Entry)? {
        try fetch(where: "entry_id = \(id)", in: db).first.map { ($0.key, $0.value) }
    }

    /// The entries under their row IDs.
    static func fetch(where condition: SQLQuery, in db: any SQLConnection) throws -> [Int64: Entry] {
        let rows = try db.rows("SELECT * FROM entries WHERE \(condition) ORDER BY id")
        return Dictionary(uniqueKeysWithValues: zip(try rows.map { try $0["id"] }, try entries(rows, in: db)))
    }

    /// The entry with the same SPIFFE ID, parent and selectors.
    static func similar(to entry: Entry, in db: any SQLConnection) throws -> Entry? {
        let selectors = SetTable.entrySelectors.condition(entry.selectors.map(\.description), .exact)
        let condition: SQLQuery = """
            spiffe_id = \(entry.spiffeID.uri) AND parent_id = \(entry.parentID.uri) AND \(selectors)
            """
        return try fetch(where: condition, in: db).min { $0.key < $1.key }?.value
    }

    static func entries(_ rows: [SQLRow], in db: any SQLConnection) throws -> [Entry] {
        let ids = try rows.map { try $0["id"] as Int64 }
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

    private static func entry(_ row: SQLRow, selectors: [String]) throws -> Entry {
        var entry = Entry(
            id: try row["entry_id"], spiffeID: try StoredText.spiffeID(row["spiffe_id"]),
            parentID: try StoredText.spiffeID(row["parent_id"]),
            selectors: Set(try selectors.map(StoredText.selector)))
        entry.x509SVIDTTL = try row["x509_svid_ttl"]
        entry.jwtSVIDTTL = try row["jwt_svid_ttl"]
        entry.isAdmin = try row["is_admin"]
        entry.isDownstream = try row["is_downstream"]
        entry.expiresAt = try row["expires_at"]
        entry.revisionNumber = try row["revision_number"]
        entry.storesSVID = try row["stores_svid"]
        entry.hint = try row["hint"]
        entry.createdAt = try row["created_at"]
        entry.disablesX509SVIDPrefetch = try row["disables_x509_svid_prefetch"]
        entry.includesJTIInJWTSVID = try row["includes_jti"]
        return entry
    }

    private static func dnsNames(of ids: [Int64], in db: any SQLConnection) throws -> [Int64: [String]] {
        try SetTable.texts(
            "SELECT entry_id, name FROM entry_dns_names WHERE entry_id IN \(rows: ids) ORDER BY entry_id, position",
            in: db)
    }

    // MARK: - Writing

    private static let columns: [SQLQuery] = [
        "entry_id", "spiffe_id", "parent_id", "x509_svid_ttl", "jwt_svid_ttl", "is_admin", "is_downstream",
        "expires_at", "revision_number", "stores_svid", "hint", "created_at", "disables_x509_svid_prefetch",
        "includes_jti",
    ]

    static func insert(_ entry: Entry, in db: any SQLConnection) throws {
        let rowID: Int64? = try db.firstValue(
            "INSERT INTO entries (\(columns.joined(separator: ", "))) VALUES (\(values(entry).list)) RETURNING id")
        guard let rowID else { throw RegistryError(.internalError, "datastore-sql: entry was not stored") }
        try writeSets(entry, rowID: rowID, in: db)
    }

    static func update(_ entry: Entry, rowID: Int64, in db: any SQLConnection) throws {
        let assignments = zip(columns, values(entry)).map { "\($0) = \($1)" as SQLQuery }.joined(separator: ", ")
        try db.execute("UPDATE entries SET \(assignments) WHERE id = \(rowID)")
        try writeSets(entry, rowID: rowID, in: db)
    }

    private static func values(_ entry: Entry) -> [any SQLConvertible] {
        [
            entry.id, entry.spiffeID.uri, entry.parentID.uri, entry.x509SVIDTTL, entry.jwtSVIDTTL, entry.isAdmin,
            entry.isDownstream, entry.expiresAt, entry.revisionNumber, entry.storesSVID, entry.hint,
            entry.createdAt, entry.disablesX509SVIDPrefetch, entry.includesJTIInJWTSVID,
        ]
    }

    private static func writeSets(_ entry: Entry, rowID: Int64, in db: any SQLConnection) throws {
        try SetTable.entrySelectors.write(entry.selectors.map(\.description), of: rowID, in: db)
        try SetTable.entryTrustDomains.write(entry.federatesWith.map(\.name), of: rowID, in: db)
        try db.execute("DELETE FROM entry_dns_names WHERE entry_id = \(rowID)")
        for (position, name) in entry.dnsNames.enumerated() {
            try db.execute(
                "INSERT INTO entry_dns_names (entry_id, position, name) VALUES (\(rowID), \(position), \(name))")
        }
    }
}
