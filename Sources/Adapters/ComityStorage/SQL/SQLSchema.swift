// SPDX-License-Identifier: Apache-2.0

/// The tables, version by version, as statements. A version that has been released is never changed.
enum SQLSchema {
    static let metaTable = "comity_meta"

    private static let migrations: [@Sendable (SQLDialect) -> [SQLQuery]] = [
        { firstVersion($0) + ($0 == .postgres ? sharedTables($0) : []) },
        secondVersion,
    ]

    /// The version that the migrations lead to.
    static var latestVersion: Int { migrations.count }

    /// Brings an empty or older database to the latest version; runs in the caller's transaction.
    static func migrate(_ db: any SQLConnection, from version: Int, trustDomain: String) throws {
        guard version < latestVersion else { return }
        for migration in migrations[version...] {
            for statement in migration(db.dialect) { try db.execute(statement) }
        }
        try setMeta(db, "schema_version", String(latestVersion))
        try setMeta(db, "trust_domain", trustDomain)
    }

    static func meta(_ db: any SQLConnection, _ key: String) throws -> String? {
        try db.firstValue("SELECT value FROM comity_meta WHERE key = \(key)")
    }

    private static func setMeta(_ db: any SQLConnection, _ key: String, _ value: String) throws {
        try db.execute(
            """
            INSERT INTO comity_meta (key, value) VALUES (\(key), \(value))
            ON CONFLICT (key) DO UPDATE SET value = excluded.value
            """)
    }

    private static func firstVersion(_ db: SQLDialect) -> [SQLQuery] {
        [
            """
            CREATE TABLE comity_meta (
                key \(db.text) PRIMARY KEY NOT NULL,
                value \(db.text) NOT NULL
            ) \(db.keyed)
            """,
            """
            CREATE TABLE entries (
                id \(db.identity),
                entry_id \(db.text) NOT NULL UNIQUE,
                spiffe_id \(db.text) NOT NULL,
                parent_id \(db.text) NOT NULL,
                x509_svid_ttl \(db.integer) NOT NULL,
                jwt_svid_ttl \(db.integer) NOT NULL,
                is_admin \(db.flag) NOT NULL,
                is_downstream \(db.flag) NOT NULL,
                expires_at \(db.time),
                revision_number \(db.integer) NOT NULL,
                stores_svid \(db.flag) NOT NULL,
                hint \(db.text) NOT NULL,
                created_at \(db.time) NOT NULL,
                disables_x509_svid_prefetch \(db.flag) NOT NULL,
                includes_jti \(db.flag) NOT NULL
            )
            """,
            "CREATE INDEX entries_by_spiffe_id ON entries (spiffe_id)",
            "CREATE INDEX entries_by_parent_id ON entries (parent_id)",
            "CREATE INDEX entries_by_hint ON entries (hint) WHERE hint <> ''",
            "CREATE INDEX entries_by_expires_at ON entries (expires_at) WHERE expires_at IS NOT NULL",
            """
            CREATE TABLE entry_selectors (
                entry_id \(db.integer) NOT NULL REFERENCES entries (id) ON DELETE CASCADE,
                selector \(db.text) NOT NULL,
                PRIMARY KEY (entry_id, selector)
            ) \(db.keyed)
            """,
            "CREATE INDEX entry_selectors_by_selector ON entry_selectors (selector)",
            """
            -- The bundle of the trust domain may be missing yet, so it is no foreign key.
            CREATE TABLE entry_federated_trust_domains (
                entry_id \(db.integer) NOT NULL REFERENCES entries (id) ON DELETE CASCADE,
                trust_domain \(db.text) NOT NULL,
                PRIMARY KEY (entry_id, trust_domain)
            ) \(db.keyed)
            """,
            """
            CREATE INDEX entry_federated_trust_domains_by_trust_domain
                ON entry_federated_trust_domains (trust_domain)
            """,
            """
            CREATE TABLE entry_dns_names (
                entry_id \(db.integer) NOT NULL REFERENCES entries (id) ON DELETE CASCADE,
                position \(db.integer) NOT NULL,
                name \(db.text) NOT NULL,
                PRIMARY KEY (entry_id, position)
            ) \(db.keyed)
            """,
            """
            CREATE TABLE nodes (
                id \(db.identity),
                spiffe_id \(db.text) NOT NULL UNIQUE,
                attestation_type \(db.text) NOT NULL,
                serial_number \(db.text) NOT NULL,
                expires_at \(db.time) NOT NULL,
                new_serial_number \(db.text),
                new_expires_at \(db.time),
                can_reattest \(db.flag) NOT NULL,
                agent_version \(db.text) NOT NULL
            )
            """,
            """
            CREATE TABLE node_selectors (
                node_id \(db.integer) NOT NULL REFERENCES nodes (id) ON DELETE CASCADE,
                selector \(db.text) NOT NULL,
                PRIMARY KEY (node_id, selector)
            ) \(db.keyed)
            """,
            "CREATE INDEX node_selectors_by_selector ON node_selectors (selector)",
            """
            CREATE TABLE join_tokens (
                value \(db.text) PRIMARY KEY NOT NULL,
                expires_at \(db.time) NOT NULL
            ) \(db.keyed)
            """,
            """
            CREATE TABLE bundles (
                id \(db.identity),
                trust_domain \(db.text) NOT NULL UNIQUE,
                sequence_number \(db.integer),
                refresh_hint \(db.integer)
            )
            """,
            """
            CREATE TABLE bundle_x509_authorities (
                bundle_id \(db.integer) NOT NULL REFERENCES bundles (id) ON DELETE CASCADE,
                position \(db.integer) NOT NULL,
                certificate \(db.bytes) NOT NULL,
                is_tainted \(db.flag) NOT NULL,
                PRIMARY KEY (bundle_id, position)
            ) \(db.keyed)
            """,
            """
            CREATE TABLE bundle_jwt_authorities (
                bundle_id \(db.integer) NOT NULL REFERENCES bundles (id) ON DELETE CASCADE,
                position \(db.integer) NOT NULL,
                key_id \(db.text) NOT NULL,
                public_key \(db.bytes) NOT NULL,
                expires_at \(db.time),
                is_tainted \(db.flag) NOT NULL,
                PRIMARY KEY (bundle_id, position)
            ) \(db.keyed)
            """,
            """
            CREATE TABLE federation_relationships (
                id \(db.identity),
                trust_domain \(db.text) NOT NULL UNIQUE,
                bundle_endpoint_url \(db.text) NOT NULL,
                -- Set for https_spiffe only.
                endpoint_spiffe_id \(db.text)
            )
            """,
            """
            CREATE TABLE federation_statuses (
                trust_domain \(db.text) PRIMARY KEY NOT NULL,
                last_success_at \(db.time),
                last_attempt_at \(db.time),
                next_attempt_at \(db.time),
                failure_class \(db.text),
                failure_message \(db.text),
                consecutive_failures \(db.integer) NOT NULL,
                sequence_number \(db.integer)
            ) \(db.keyed)
            """,
            """
            CREATE TABLE authority_journals (
                id \(db.text) PRIMARY KEY NOT NULL,
                bytes \(db.bytes) NOT NULL,
                expires_at \(db.time) NOT NULL
            )
            """,
        ]
    }

    private static func secondVersion(_ db: SQLDialect) -> [SQLQuery] {
        [
            """
            CREATE TABLE owners (
                name \(db.text) PRIMARY KEY NOT NULL
            ) \(db.keyed)
            """,
            """
            -- What is claimed may be made later, so it is no foreign key.
            CREATE TABLE claims (
                kind \(db.text) NOT NULL,
                name \(db.text) NOT NULL,
                owner \(db.text) NOT NULL REFERENCES owners (name),
                PRIMARY KEY (kind, name)
            ) \(db.keyed)
            """,
            "CREATE INDEX claims_by_owner ON claims (owner, kind, name)",
            "ALTER TABLE federation_statuses ADD COLUMN last_change_at \(db.time)",
        ]
    }

    /// What servers that share the database tell each other by.
    private static func sharedTables(_ db: SQLDialect) -> [SQLQuery] {
        [
            """
            CREATE TABLE registry_changes (
                id \(db.identity),
                -- Orders by commit what other servers have not seen yet.
                transaction xid8 NOT NULL DEFAULT pg_current_xact_id(),
                server \(db.text) NOT NULL,
                change \(db.text) NOT NULL,
                made_at TIMESTAMPTZ NOT NULL DEFAULT now()
            )
            """,
            """
            CREATE TABLE polling_leases (
                trust_domain \(db.text) PRIMARY KEY NOT NULL,
                holder \(db.text) NOT NULL,
                expires_at \(db.time) NOT NULL
            )
            """,
            "CREATE INDEX registry_changes_by_transaction ON registry_changes (transaction)",
        ]
    }
}
