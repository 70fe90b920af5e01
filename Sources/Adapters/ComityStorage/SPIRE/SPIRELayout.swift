// SPDX-License-Identifier: Apache-2.0

/// The tables and columns that a database has, seen against those that SPIRE is known to make.
struct SPIRELayout {
    private static let row: Set = ["id", "created_at", "updated_at"]

    /// Read, or known to hold nothing that a server needs to go on.
    private static let known: [String: Set<String>] = [
        "attested_node_entries": row.union([
            "spiffe_id", "data_type", "serial_number", "expires_at", "new_serial_number", "new_expires_at",
            "can_reattest", "agent_version",
        ]),
        "attested_node_entries_events": row.union(["spiffe_id"]),
        "bundles": row.union(["trust_domain", "data"]),
        "ca_journals": row.union(["data", "active_x509_authority_id", "active_jwt_authority_id"]),
        "dns_names": row.union(["registered_entry_id", "value"]),
        "federated_registration_entries": ["bundle_id", "registered_entry_id"],
        "federated_trust_domains": row.union([
            "trust_domain", "bundle_endpoint_url", "bundle_endpoint_profile", "endpoint_spiffe_id", "implicit",
        ]),
        "join_tokens": row.union(["token", "expiry"]),
        "migrations": row.union(["version", "code_version"]),
        "node_resolver_map_entries": row.union(["spiffe_id", "type", "value"]),
        "registered_entries": row.union([
            "entry_id", "spiffe_id", "parent_id", "ttl", "admin", "downstream", "expiry", "revision_number",
            "store_svid", "hint", "jwt_svid_ttl", "additional_attributes",
        ]),
        "registered_entries_events": row.union(["entry_id"]),
        "selectors": row.union(["registered_entry_id", "type", "value"]),
    ]
    /// Came with a later version than the oldest that is read.
    private static let later: Set = [
        "attested_node_entries_events", "ca_journals", "registered_entries_events",
    ]

    private let columns: [String: Set<String>]

    init(_ db: any SQLConnection) throws {
        var columns: [String: Set<String>] = [:]
        try db.forEachRow(of: db.dialect.columnNames) { columns[try $0[0], default: []].insert(try $0[1]) }
        self.columns = columns
    }

    var isSPIREs: Bool {
        Self.known.keys.allSatisfy { columns[$0] != nil || Self.later.contains($0) }
    }

    func has(_ table: String, _ column: String = "id") -> Bool {
        columns[table]?.contains(column) ?? false
    }

    /// As `table` and `table.column`.
    var unknown: [String] {
        columns.flatMap { table, columns in
            guard let known = Self.known[table] else { return [table] }
            return columns.subtracting(known).map { "\(table).\($0)" }
        }.sorted()
    }
}
