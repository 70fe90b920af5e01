// SPDX-License-Identifier: Apache-2.0

import CPostgres

/// Where a database is and how it is logged in to, as libpq takes it.
struct PostgresAddress: Hashable, Sendable {
    /// What a connection string leaves out.
    private static let defaults = [
        // SPIRE's driver asks for TLS unless told otherwise. Unix sockets have none, whatever is said here.
        "sslmode": "require",
        "fallback_application_name": "comity",
        "connect_timeout": "5",
        // A peer that is gone without a word is given up while callers still wait.
        "tcp_user_timeout": "15000",
        "keepalives_idle": "15",
        "keepalives_interval": "5",
        "keepalives_count": "3",
    ]

    private(set) var keywords: [String: String]

    /// - Throws: ``StorageError``, which never quotes the string: parts of it may be the password.
    init(connectionString: String) throws(StorageError) {
        var message: UnsafeMutablePointer<CChar>?
        let options = PQconninfoParse(connectionString, &message)
        PQfreemem(message)
        guard let options else {
            throw StorageError(
                .unusable,
                """
                connection_string is not one of PostgreSQL's; write "key=value" pairs with values that hold spaces in \
                single quotes, or postgres://USER@HOST:PORT/DATABASE; settings of the session go into \
                options='-c NAME=VALUE'
                """)
        }
        defer { PQconninfoFree(options) }
        keywords = Self.defaults
        // As in libpq, what the environment says comes before what the program would say.
        if let mode = PostgresAddress.environment("PGSSLMODE") { keywords["sslmode"] = mode }
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val {
                keywords[String(cString: keyword)] = String(cString: value)
            }
            option += 1
        }
    }

    /// Names the database without anything secret.
    var name: String {
        let host = keywords["host"] ?? keywords["hostaddr"] ?? Self.environment("PGHOST") ?? "the local socket"
        let port = keywords["port"] ?? Self.environment("PGPORT")
        let database = keywords["dbname"] ?? Self.environment("PGDATABASE") ?? keywords["user"] ?? ""
        return "\(database) at \(host)\(port.map { ":\($0)" } ?? "")"
    }
}
