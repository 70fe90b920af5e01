// SPDX-License-Identifier: Apache-2.0

import GRDB

/// The tables, version by version. A version that has been released is never changed.
enum SQLiteSchema {
    static let metaTable = "comity_meta"

    /// The version that ``migrations`` lead to.
    static var latestVersion: Int { migrations.count }

    /// Brings an empty or older database to the latest version; runs in the caller's transaction.
    static func migrate(_ db: Database, from version: Int, trustDomain: String) throws {
        guard version < latestVersion else { return }
        for migration in migrations[version...] {
            try db.execute(sql: migration)
        }
        try setMeta(db, "schema_version", String(latestVersion))
        try setMeta(db, "trust_domain", trustDomain)
    }

    static func meta(_ db: Database, _ key: String) throws -> String? {
        try String.fetchOne(db, sql: "SELECT value FROM \(metaTable) WHERE key = ?", arguments: [key])
    }

    private static func setMeta(_ db: Database, _ key: String, _ value: String) throws {
        try db.execute(
            sql: """
                INSERT INTO \(metaTable) (key, value) VALUES (?, ?)
                ON CONFLICT (key) DO UPDATE SET value = excluded.value
                """, arguments: [key, value])
    }

    // Times are seconds since 1970. AUTOINCREMENT keeps row IDs, which page tokens hold, from being used again.
    private static let migrations = [
        """
        CREATE TABLE comity_meta (
            key TEXT PRIMARY KEY NOT NULL,
            value TEXT NOT NULL
        ) WITHOUT ROWID;

        CREATE TABLE entries (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            entry_id TEXT NOT NULL UNIQUE,
            spiffe_id TEXT NOT NULL,
            parent_id TEXT NOT NULL,
            x509_svid_ttl INTEGER NOT NULL,
            jwt_svid_ttl INTEGER NOT NULL,
            is_admin INTEGER NOT NULL,
            is_downstream INTEGER NOT NULL,
            expires_at REAL,
            revision_number INTEGER NOT NULL,
            stores_svid INTEGER NOT NULL,
            hint TEXT NOT NULL,
            created_at REAL NOT NULL,
            disables_x509_svid_prefetch INTEGER NOT NULL,
            includes_jti INTEGER NOT NULL
        );
        CREATE INDEX entries_by_spiffe_id ON entries (spiffe_id);
        CREATE INDEX entries_by_parent_id ON entries (parent_id);
        CREATE INDEX entries_by_hint ON entries (hint) WHERE hint <> '';
        CREATE INDEX entries_by_expires_at ON entries (expires_at) WHERE expires_at IS NOT NULL;

        CREATE TABLE entry_selectors (
            entry_id INTEGER NOT NULL REFERENCES entries (id) ON DELETE CASCADE,
            selector TEXT NOT NULL,
            PRIMARY KEY (entry_id, selector)
        ) WITHOUT ROWID;
        CREATE INDEX entry_selectors_by_selector ON entry_selectors (selector);

        -- The bundle of the trust domain may be missing yet, so it is no foreign key.
        CREATE TABLE entry_federated_trust_domains (
            entry_id INTEGER NOT NULL REFERENCES entries (id) ON DELETE CASCADE,
            trust_domain TEXT NOT NULL,
            PRIMARY KEY (entry_id, trust_domain)
        ) WITHOUT ROWID;
        CREATE INDEX entry_federated_trust_domains_by_trust_domain
            ON entry_federated_trust_domains (trust_domain);

        CREATE TABLE entry_dns_names (
            entry_id INTEGER NOT NULL REFERENCES entries (id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            name TEXT NOT NULL,
            PRIMARY KEY (entry_id, position)
        ) WITHOUT ROWID;

        CREATE TABLE nodes (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            spiffe_id TEXT NOT NULL UNIQUE,
            attestation_type TEXT NOT NULL,
            serial_number TEXT NOT NULL,
            expires_at REAL NOT NULL,
            new_serial_number TEXT,
            new_expires_at REAL,
            can_reattest INTEGER NOT NULL,
            agent_version TEXT NOT NULL
        );
        CREATE TABLE node_selectors (
            node_id INTEGER NOT NULL REFERENCES nodes (id) ON DELETE CASCADE,
            selector TEXT NOT NULL,
            PRIMARY KEY (node_id, selector)
        ) WITHOUT ROWID;
        CREATE INDEX node_selectors_by_selector ON node_selectors (selector);

        CREATE TABLE join_tokens (
            value TEXT PRIMARY KEY NOT NULL,
            expires_at REAL NOT NULL
        ) WITHOUT ROWID;

        CREATE TABLE bundles (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            trust_domain TEXT NOT NULL UNIQUE,
            sequence_number INTEGER,
            refresh_hint INTEGER
        );
        CREATE TABLE bundle_x509_authorities (
            bundle_id INTEGER NOT NULL REFERENCES bundles (id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            certificate BLOB NOT NULL,
            is_tainted INTEGER NOT NULL,
            PRIMARY KEY (bundle_id, position)
        ) WITHOUT ROWID;
        CREATE TABLE bundle_jwt_authorities (
            bundle_id INTEGER NOT NULL REFERENCES bundles (id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            key_id TEXT NOT NULL,
            public_key BLOB NOT NULL,
            expires_at REAL,
            is_tainted INTEGER NOT NULL,
            PRIMARY KEY (bundle_id, position)
        ) WITHOUT ROWID;

        CREATE TABLE federation_relationships (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            trust_domain TEXT NOT NULL UNIQUE,
            bundle_endpoint_url TEXT NOT NULL,
            -- Set for https_spiffe only.
            endpoint_spiffe_id TEXT
        );
        CREATE TABLE federation_statuses (
            trust_domain TEXT PRIMARY KEY NOT NULL,
            last_success_at REAL,
            last_attempt_at REAL,
            next_attempt_at REAL,
            failure_class TEXT,
            failure_message TEXT,
            consecutive_failures INTEGER NOT NULL,
            sequence_number INTEGER
        ) WITHOUT ROWID;

        CREATE TABLE authority_journals (
            id TEXT PRIMARY KEY NOT NULL,
            bytes BLOB NOT NULL,
            expires_at REAL NOT NULL
        );
        """
    ]
}
