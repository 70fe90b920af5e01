// SPDX-License-Identifier: Apache-2.0

/// How a PostgreSQL database is used.
package struct PostgresSettings: Hashable, Sendable {
    /// In libpq's form: `key=value` pairs or a URI. Holds the password: never shown.
    package var connectionString: String
    package var maximumConnections = 100
    package var maximumIdleConnections = 100
    /// How long a connection is used at most; `nil` for as long as it works.
    package var connectionLifetime: Duration?
    /// Whether older tables are brought up to date; else they are refused.
    package var migrates = true

    package init(connectionString: String) {
        self.connectionString = connectionString
    }
}
