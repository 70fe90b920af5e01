// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// Reads the tables of a SPIRE database, whichever of the known versions it has.
struct SPIREReader {
    /// The oldest that has all columns that are read; SPIRE 1.6.
    private static let oldestVersion: Int64 = 21

    private let db: any SQLConnection
    private let name: String
    private let layout: SPIRELayout

    init(_ db: any SQLConnection, name: String) throws {
        self.db = db
        self.name = name
        layout = try SPIRELayout(db)
    }

    func database() throws -> SPIREDatabase {
        guard layout.isSPIREs else {
            throw StorageError(.foreignDatabase, "database \"\(name)\" was not made by a SPIRE server")
        }
        var database = SPIREDatabase(name: name)
        try readVersion(into: &database)
        database.unknown = layout.unknown
        database.bundles = try db.rows("SELECT trust_domain, data FROM bundles ORDER BY id").map { row in
            SPIREDatabase.Bundle(trustDomain: try row[0], data: try row[1] as [UInt8]? ?? [])
        }
        database.entries = try entries()
        database.nodes = try nodes()
        database.joinTokens = try db.rows("SELECT token, expiry FROM join_tokens ORDER BY id").map { row in
            SPIREDatabase.JoinToken(token: try row[0], expiry: try row[1])
        }
        database.relationships = try relationships()
        if layout.has("ca_journals") {
            database.journals = try db.rows(
                "SELECT COALESCE(active_x509_authority_id, ''), data FROM ca_journals ORDER BY id"
            ).map { row in
                SPIREDatabase.Journal(activeX509AuthorityID: try row[0], data: try row[1] as [UInt8]? ?? [])
            }
        }
        return database
    }

    private func readVersion(into database: inout SPIREDatabase) throws {
        let row = try db.firstRow("SELECT version, COALESCE(code_version, '') FROM migrations ORDER BY id DESC LIMIT 1")
        database.schemaVersion = try row?[0] ?? 0
        database.codeVersion = try row?[1] ?? ""
        guard database.schemaVersion >= Self.oldestVersion else {
            throw StorageError(
                .foreignDatabase,
                """
                database "\(name)" has SPIRE's schema \(database.schemaVersion); \(Self.oldestVersion) is the oldest \
                that can be read: start a newer SPIRE server on it once and stop it
                """)
        }
    }

    // MARK: - Entries

    private func entries() throws -> [SPIREDatabase.Entry] {
        let attributes: SQLQuery =
            layout.has("registered_entries", "additional_attributes") ? "additional_attributes" : "NULL"
        let rows = try db.rows(
            """
            SELECT id, entry_id, spiffe_id, parent_id, COALESCE(ttl, 0), COALESCE(jwt_svid_ttl, 0),
                COALESCE(admin, FALSE), COALESCE(downstream, FALSE), COALESCE(expiry, 0), COALESCE(revision_number, 0),
                COALESCE(store_svid, FALSE), COALESCE(hint, ''), \(db.dialect.seconds(of: "created_at")), \(attributes)
            FROM registered_entries ORDER BY id
            """)
        let selectors: [Int64: [SPIREDatabase.Selector]] = try grouped(
            "SELECT registered_entry_id, type, value FROM selectors ORDER BY id", selector)
        let names: [Int64: [String]] = try grouped(
            "SELECT registered_entry_id, value FROM dns_names ORDER BY id", { try $0[1] })
        let partners: [Int64: [String]] = try grouped(
            """
            SELECT f.registered_entry_id, b.trust_domain FROM federated_registration_entries f
            JOIN bundles b ON b.id = f.bundle_id ORDER BY b.id
            """, { try $0[1] })
        return try rows.map { row in
            let id: Int64 = try row[0]
            return SPIREDatabase.Entry(
                id: try row[1], spiffeID: try row[2], parentID: try row[3], selectors: selectors[id] ?? [],
                x509SVIDTTL: try row[4], jwtSVIDTTL: try row[5], federatesWith: partners[id] ?? [],
                isAdmin: try row[6], isDownstream: try row[7], expiry: try row[8], dnsNames: names[id] ?? [],
                revisionNumber: try row[9], storesSVID: try row[10], hint: try row[11], createdAt: try time(row, 12),
                additionalAttributes: try row[13] as [UInt8]? ?? [])
        }
    }

    private func selector(_ row: SQLRow) throws -> SPIREDatabase.Selector {
        SPIREDatabase.Selector(type: try row[1], value: try row[2])
    }

    /// What belongs to one owner, under the first column.
    private func grouped<Owner: SQLConvertible & Hashable, Value>(
        _ query: SQLQuery, _ value: (SQLRow) throws -> Value
    ) throws -> [Owner: [Value]] {
        var groups: [Owner: [Value]] = [:]
        try db.forEachRow(of: query) { row in groups[try row[0], default: []].append(try value(row)) }
        return groups
    }

    /// Whole seconds.
    private func time(_ row: SQLRow, _ column: Int) throws -> Date? {
        (try row[column] as Int64?).map { Date(timeIntervalSince1970: Double($0)) }
    }

    // MARK: - Nodes and relationships

    private func nodes() throws -> [SPIREDatabase.Node] {
        let version: SQLQuery =
            layout.has("attested_node_entries", "agent_version") ? "COALESCE(agent_version, '')" : "''"
        let rows = try db.rows(
            """
            SELECT spiffe_id, COALESCE(data_type, ''), COALESCE(serial_number, ''),
                \(db.dialect.seconds(of: "expires_at")), COALESCE(new_serial_number, ''),
                \(db.dialect.seconds(of: "new_expires_at")), COALESCE(can_reattest, FALSE), \(version)
            FROM attested_node_entries ORDER BY id
            """)
        let selectors: [String: [SPIREDatabase.Selector]] = try grouped(
            "SELECT spiffe_id, type, value FROM node_resolver_map_entries ORDER BY id", selector)
        return try rows.map { row in
            let id: String = try row[0]
            return SPIREDatabase.Node(
                spiffeID: id, attestationType: try row[1], serialNumber: try row[2], expiresAt: try time(row, 3),
                newSerialNumber: try row[4], newExpiresAt: try time(row, 5), canReattest: try row[6],
                agentVersion: try row[7], selectors: selectors[id] ?? [])
        }
    }

    private func relationships() throws -> [SPIREDatabase.Relationship] {
        let rows = try db.rows(
            """
            SELECT trust_domain, COALESCE(bundle_endpoint_url, ''), COALESCE(bundle_endpoint_profile, ''),
                COALESCE(endpoint_spiffe_id, '') FROM federated_trust_domains ORDER BY id
            """)
        return try rows.map { row in
            SPIREDatabase.Relationship(
                trustDomain: try row[0], bundleEndpointURL: try row[1], bundleEndpointProfile: try row[2],
                endpointSPIFFEID: try row[3])
        }
    }
}
