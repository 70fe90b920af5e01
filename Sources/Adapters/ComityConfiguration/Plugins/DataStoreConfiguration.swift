// SPDX-License-Identifier: Apache-2.0

/// Where a server keeps entries, nodes and bundles.
package enum DataStoreConfiguration: Sendable, Hashable {
    case sqlite(path: String)
    /// Lost with the process.
    case memory

    init?(_ plugin: PluginConfiguration, _ faults: FaultCollector) {
        let section = plugin.section(faults)
        let type = section.databaseType()
        let connection = section.requiredText("connection_string", missing: "connection_string must be set")
        for key in ["ro_connection_string", "root_ca_path", "client_cert_path", "client_key_path"] {
            section.unsupported(key)
        }
        section.unsupported("disable_migration", cure: "the database is migrated when the server starts")
        // There is one file and one writer: nothing to tune.
        for key in ["max_open_conns", "max_idle_conns", "conn_max_lifetime", "log_sql"] { section.accept(key) }
        section.reportUnknownKeys(.error)
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
        let others = ["postgres", "mysql", "aws_postgres", "aws_mysql"]
        if let member = occurrences("database_type").last, let named = member.value.members?.first {
            faults.error("database type \(named.key.quoted) is not supported yet; supported: sqlite3", at: named.place)
            return nil
        }
        guard let type = requiredText("database_type", missing: "database_type must be set") else { return nil }
        if type.value == "sqlite3" { return type.value }
        let problem = others.contains(type.value) ? "is not supported yet" : "is unknown"
        faults.error(
            "database type \(type.value.quoted) \(problem); supported: sqlite3", at: type.place,
            cure: "set database_type = \"sqlite3\" and connection_string to a file path")
        return nil
    }
}
