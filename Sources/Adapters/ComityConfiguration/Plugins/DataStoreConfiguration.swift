// SPDX-License-Identifier: Apache-2.0

/// Where a server keeps entries, nodes and bundles.
package enum DataStoreConfiguration: Sendable, Hashable {
    case sqlite(path: String)
    /// Lost with the process.
    case memory
    case postgres(PostgresConfiguration)

    init?(_ plugin: PluginConfiguration, _ faults: FaultCollector) {
        let section = plugin.section(faults)
        let type = section.databaseType()
        let connection = section.requiredText("connection_string", missing: "connection_string must be set")
        defer { section.reportUnknownKeys(.error) }
        if type == "postgres" {
            let postgres = PostgresConfiguration(connectionString: connection?.value ?? "", section)
            guard connection != nil else { return nil }
            self = .postgres(postgres)
            return
        }
        for key in ["ro_connection_string", "root_ca_path", "client_cert_path", "client_key_path"] {
            section.unsupported(key)
        }
        section.unsupported("disable_migration", cure: "the database is migrated when the server starts")
        // There is one file and one writer: nothing to tune.
        for key in ["max_open_conns", "max_idle_conns", "conn_max_lifetime", "log_sql"] { section.accept(key) }
        guard type == "sqlite3", let connection else { return nil }
        self.init(connection: connection, faults)
    }

    /// Reads a path or an SQLite URI; parameters of a URI other than the mode have no meaning here.
    private init?(connection: Setting<String>, _ faults: FaultCollector) {
        var path = Substring(connection.value)
        var parameters: [Substring] = []
        if path.hasPrefix("file:") {
            path = path.dropFirst("file:".count)
            if path.hasPrefix("//") { path = path.dropFirst(2) }
        }
        if let query = path.firstIndex(of: "?") {
            parameters = path[path.index(after: query)...].split(separator: "&")
            path = path[..<query]
        }
        if path == ":memory:" || parameters.contains("mode=memory") {
            self = .memory
        } else if path.isEmpty {
            faults.error("connection_string names no file: \(connection.value.quoted)", at: connection.place)
            return nil
        } else {
            self = .sqlite(path: String(path))
        }
    }
}

extension ConfigurationSection {
    /// The database type; nil after a fault.
    fileprivate func databaseType() -> String? {
        let supported = ["sqlite3", "postgres"]
        let found: (name: String, place: ConfigurationPlace)
        if let member = occurrences("database_type").last, let named = member.value.members?.first {
            found = (named.key, named.place)
        } else {
            guard let type = requiredText("database_type", missing: "database_type must be set") else { return nil }
            if supported.contains(type.value) { return type.value }
            found = (type.value, type.place)
        }
        let (problem, cure) =
            switch found.name {
            case "mysql", "aws_mysql":
                (
                    "is not supported",
                    "set database_type = \"postgres\" for many servers or \"sqlite3\" for one, and carry the entries over "
                        + "with \"spire-server entry show -output json\" and \"comity server entry create -data FILE\""
                )
            case "aws_postgres":
                (
                    "is not supported yet",
                    "set database_type = \"postgres\" and a user with a password in connection_string"
                )
            default: ("is unknown", "set database_type = \"sqlite3\" and connection_string to a file path")
            }
        faults.error(
            "database type \(found.name.quoted) \(problem); supported: \(supported.joined(separator: ", "))",
            at: found.place, cure: cure)
        return nil
    }
}
