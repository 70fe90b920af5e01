// SPDX-License-Identifier: Apache-2.0

import Foundation

extension SPIREFixture {
    enum Dialect: String, CaseIterable, Sendable {
        case sqlite, postgres

        fileprivate func blob(_ bytes: [UInt8]) -> String {
            let digits = bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
            return self == .sqlite ? "X'\(digits)'" : "'\\x\(digits)'"
        }

        /// The types that SPIRE's columns have.
        fileprivate var types: [String: String] {
            switch self {
            case .sqlite:
                [
                    "row": "integer primary key autoincrement", "time": "datetime", "text": "varchar(255)",
                    "data": "blob", "flag": "bool", "number": "integer", "large": "bigint",
                ]
            case .postgres:
                [
                    "row": "serial primary key", "time": "timestamp with time zone", "text": "text", "data": "bytea",
                    "flag": "boolean", "number": "integer", "large": "bigint",
                ]
            }
        }
    }

    /// The tables of SPIRE's schema 24 with their columns, apart from `id`, `created_at` and `updated_at`.
    private static let tables: [(String, [(String, String)])] = [
        ("bundles", [("trust_domain", "text"), ("data", "data")]),
        (
            "attested_node_entries",
            [
                ("spiffe_id", "text"), ("data_type", "text"), ("serial_number", "text"), ("expires_at", "time"),
                ("new_serial_number", "text"), ("new_expires_at", "time"), ("can_reattest", "flag"),
                ("agent_version", "text"),
            ]
        ),
        ("attested_node_entries_events", [("spiffe_id", "text")]),
        ("node_resolver_map_entries", [("spiffe_id", "text"), ("type", "text"), ("value", "text")]),
        (
            "registered_entries",
            [
                ("entry_id", "text"), ("spiffe_id", "text"), ("parent_id", "text"), ("ttl", "number"),
                ("admin", "flag"), ("downstream", "flag"), ("expiry", "large"), ("revision_number", "large"),
                ("store_svid", "flag"), ("hint", "text"), ("jwt_svid_ttl", "number"),
                ("additional_attributes", "data"),
            ]
        ),
        ("registered_entries_events", [("entry_id", "text")]),
        ("join_tokens", [("token", "text"), ("expiry", "large")]),
        ("selectors", [("registered_entry_id", "number"), ("type", "text"), ("value", "text")]),
        ("migrations", [("version", "number"), ("code_version", "text")]),
        ("dns_names", [("registered_entry_id", "number"), ("value", "text")]),
        (
            "federated_trust_domains",
            [
                ("trust_domain", "text"), ("bundle_endpoint_url", "text"), ("bundle_endpoint_profile", "text"),
                ("endpoint_spiffe_id", "text"), ("implicit", "flag"),
            ]
        ),
        (
            "ca_journals",
            [("data", "data"), ("active_x509_authority_id", "text"), ("active_jwt_authority_id", "text")]
        ),
    ]

    /// Makes the database.
    func script(_ dialect: Dialect) throws -> String {
        let types = dialect.types
        func type(_ name: String) -> String { types[name] ?? name }
        let tables = Self.tables.map { name, columns in
            let all = [("id", "row"), ("created_at", "time"), ("updated_at", "time")] + columns
            return "CREATE TABLE \(name) (\(all.map { "\"\($0)\" \(type($1))" }.joined(separator: ", ")));"
        }
        let pairs = """
            CREATE TABLE federated_registration_entries (
                bundle_id integer, registered_entry_id integer, PRIMARY KEY (bundle_id, registered_entry_id)
            );
            """
        return (tables + [pairs] + (try rows(dialect))).joined(separator: "\n")
    }

    private func rows(_ dialect: Dialect) throws -> [String] {
        // As SPIRE's driver writes times into SQLite.
        func time(_ date: Date) -> String {
            "'" + date.formatted(.iso8601).replacing("T", with: " ").replacing("Z", with: ".5+00:00") + "'"
        }
        func insert(_ table: String, _ columns: String, _ values: String) -> String {
            "INSERT INTO \(table) (created_at, updated_at, \(columns)) VALUES (\(time(issued)), \(time(issued)), \(values));"
        }
        let entry = """
            entry_id, spiffe_id, parent_id, ttl, admin, downstream, expiry, revision_number, store_svid, hint, \
            jwt_svid_ttl, additional_attributes
            """
        let node = """
            spiffe_id, data_type, serial_number, expires_at, new_serial_number, can_reattest, agent_version
            """
        let id = "spiffe://\(Self.trustDomain)"
        let later = Int(ends.timeIntervalSince1970)
        return [
            insert("migrations", "version, code_version", "24, '1.15.3'"),
            insert("bundles", "trust_domain, data", "'\(id)', \(dialect.blob(try ownBundle()))"),
            insert("bundles", "trust_domain, data", "'spiffe://partner.test', \(dialect.blob(try partnerBundle()))"),
            insert(
                "ca_journals", "data, active_x509_authority_id, active_jwt_authority_id",
                "\(dialect.blob(try journal())), '\(Self.authorityID(active))', '\(keyID)'"),
            insert("ca_journals", "data, active_x509_authority_id", "\(dialect.blob([])), 'of-another-server'"),
            insert(
                "federated_trust_domains",
                "trust_domain, bundle_endpoint_url, bundle_endpoint_profile, endpoint_spiffe_id, implicit",
                "'partner.test', 'https://127.0.0.1:9/', 'https_spiffe', 'spiffe://partner.test/spire/server', FALSE"),
            insert("join_tokens", "token, expiry", "'\(Self.joinToken)', \(later)"),
            insert(
                "registered_entries", entry,
                "'alias', '\(id)/node', '\(Self.agentID)', 0, FALSE, FALSE, 0, 0, FALSE, '', 0, NULL"),
            insert(
                "registered_entries", entry,
                """
                '\(Self.webEntry)', '\(id)/web', '\(id)/node', 1800, FALSE, FALSE, \(later), 3, FALSE, 'main', 240, \
                \(dialect.blob([0x10, 1]))
                """),
            insert(
                "registered_entries", entry,
                "'db', '\(id)/db', '\(id)/node', 0, TRUE, TRUE, 0, 0, FALSE, NULL, NULL, NULL"),
            insert("selectors", "registered_entry_id, type, value", "1, 'spiffe_id', '\(Self.agentID)'"),
            insert("selectors", "registered_entry_id, type, value", "2, 'unix', 'uid:\(getuid())'"),
            insert("selectors", "registered_entry_id, type, value", "3, 'unix', 'uid:65533'"),
            insert("selectors", "registered_entry_id, type, value", "3, 'unix', 'path:/usr/bin/db'"),
            insert("dns_names", "registered_entry_id, value", "2, 'web.example.org'"),
            insert("dns_names", "registered_entry_id, value", "2, 'a.example.org'"),
            "INSERT INTO federated_registration_entries VALUES (2, 2);",
            insert(
                "attested_node_entries", node,
                "'\(Self.agentID)', 'join_token', '\(Self.agentSerial)', \(time(ends)), '', FALSE, '1.15.3'"),
            insert(
                "attested_node_entries", node,
                "'\(Self.bannedID)', 'x509pop', '', \(time(ends)), '', TRUE, NULL"),
            insert(
                "node_resolver_map_entries", "spiffe_id, type, value",
                "'\(Self.bannedID)', 'x509pop', 'subject:cn:box'"),
            insert("registered_entries_events", "entry_id", "'alias'"),
        ]
    }
}
