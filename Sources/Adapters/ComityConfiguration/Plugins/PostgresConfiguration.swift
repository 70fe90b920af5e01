// SPDX-License-Identifier: Apache-2.0

/// A PostgreSQL database that servers of one trust domain share.
package struct PostgresConfiguration: Sendable, Hashable {
    private static let maximumConnections = 10_000

    /// May hold a password: never shown.
    package var connectionString: String
    package var maximumConnections: Int?
    package var maximumIdleConnections: Int?
    package var connectionLifetime: Duration?
    package var migrates: Bool

    package init(connectionString: String) {
        self.connectionString = connectionString
        migrates = true
    }

    init(connectionString: String, _ section: ConfigurationSection) {
        self.init(connectionString: connectionString)
        maximumConnections = section.integer("max_open_conns", in: 1...Self.maximumConnections)
        maximumIdleConnections = section.integer("max_idle_conns", in: 1...Self.maximumConnections)
        connectionLifetime = section.duration("conn_max_lifetime", as: "conn_max_lifetime")?.value
        migrates = section.flag("disable_migration") != true
        for key in ["root_ca_path", "client_cert_path", "client_key_path"] {
            section.unsupported(
                key, cure: "write sslrootcert, sslcert and sslkey with sslmode=verify-full into connection_string")
        }
        section.withoutEffect(
            "ro_connection_string",
            "what SPIRE reads from a replica is held in memory here, and a replica that lags must remove nothing")
        section.accept("log_sql")
    }
}
