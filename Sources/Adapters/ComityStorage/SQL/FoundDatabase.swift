// SPDX-License-Identifier: Apache-2.0

/// What is in a database before it is used, and whether it may be.
struct FoundDatabase: Sendable {
    /// Tables that SPIRE's databases have, whatever their version.
    private static let spireTables: Set<String> = [
        "registered_entries", "attested_node_entries", "federated_registration_entries",
    ]

    private let tables: Set<String>
    /// `nil` when it is not ours.
    private let version: Int?
    private let trustDomain: String?

    /// Looks without changing anything.
    init(_ db: any SQLConnection) throws {
        tables = Set(try db.rows(db.dialect.tableNames).map { try $0[0] })
        guard tables.contains(SQLSchema.metaTable) else {
            (version, trustDomain) = (nil, nil)
            return
        }
        version = try SQLSchema.meta(db, "schema_version").flatMap { Int($0) }
        trustDomain = try SQLSchema.meta(db, "trust_domain")
    }

    /// - Parameters:
    ///   - name: Says which database it is.
    ///   - kind: What to name in its place: `file` or `database`.
    /// - Returns: the version of its tables; 0 when it is empty.
    func usableVersion(of expected: String, name: String, kind: String) throws(StorageError) -> Int {
        guard !tables.contains(BackupFile.table) else {
            throw StorageError(
                .foreignDatabase,
                "\"\(name)\" is a backup, and holds keys; put it in place by \"comity server restore -path FILE\"")
        }
        guard let version else {
            try refuseForeign(name: name, kind: kind)
            return 0
        }
        guard version <= SQLSchema.latestVersion else {
            throw StorageError(
                .newerSchema,
                """
                database "\(name)" has schema \(version), this program knows schemas up to \
                \(SQLSchema.latestVersion); run the newer version again, or restore a backup from before it ran
                """)
        }
        guard trustDomain == expected else {
            throw StorageError(
                .otherTrustDomain,
                """
                database "\(name)" belongs to trust domain "\(trustDomain ?? "")", not "\(expected)"; \
                correct trust_domain, or name another \(kind) in connection_string
                """)
        }
        return version
    }

    private func refuseForeign(name: String, kind: String) throws(StorageError) {
        guard !tables.isEmpty else { return }
        guard tables.isDisjoint(with: Self.spireTables) else {
            throw StorageError(
                .foreignDatabase,
                """
                database "\(name)" was made by SPIRE and is left as it is; name another \(kind) in connection_string, \
                stop the SPIRE server, and let "comity server adopt" fill the new one from the old
                """)
        }
        throw StorageError(
            .foreignDatabase,
            """
            database "\(name)" was made by another program and is left as it is; \
            name another \(kind) in connection_string
            """)
    }
}
