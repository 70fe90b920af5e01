// SPDX-License-Identifier: Apache-2.0

/// Everything in which the two databases are spoken to differently.
enum SQLDialect: Sendable {
    case sqlite, postgres

    /// What an engine binds to one placeholder.
    enum Argument: Hashable, Sendable {
        case value(SQLValue)
        case texts([String])
        case integers([Int64])
    }

    /// The text with this database's placeholders, and what belongs to them in order.
    func render(_ query: SQLQuery) -> (text: String, arguments: [Argument]) {
        var text = ""
        var arguments: [Argument] = []
        for part in query.parts {
            let argument: Argument
            let element: String
            switch part {
            case .text(let literal):
                text += literal
                continue
            case .value(let value): (argument, element) = (.value(value), "")
            case .textRows(let texts): (argument, element) = (.texts(texts), "TEXT")
            case .integerRows(let integers): (argument, element) = (.integers(integers), "BIGINT")
            }
            arguments.append(argument)
            text += placeholder(arguments.count, tableOf: element)
        }
        return (text, arguments)
    }

    private func placeholder(_ number: Int, tableOf element: String) -> String {
        switch self {
        case .sqlite: element.isEmpty ? "?" : "(SELECT value FROM json_each(?))"
        case .postgres: element.isEmpty ? "$\(number)" : "(SELECT value FROM unnest($\(number)::\(element)[]) AS value)"
        }
    }

    // MARK: - Types of columns

    /// A row ID that is never used again, because page tokens hold it.
    var identity: SQLQuery {
        switch self {
        case .sqlite: "INTEGER PRIMARY KEY AUTOINCREMENT"
        case .postgres: "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"
        }
    }

    var integer: SQLQuery {
        switch self {
        case .sqlite: "INTEGER"
        case .postgres: "BIGINT"
        }
    }

    var flag: SQLQuery {
        switch self {
        case .sqlite: "INTEGER"
        case .postgres: "BOOLEAN"
        }
    }

    /// Seconds since 1970.
    var time: SQLQuery {
        switch self {
        case .sqlite: "REAL"
        case .postgres: "DOUBLE PRECISION"
        }
    }

    /// Compared byte by byte.
    var text: SQLQuery {
        switch self {
        case .sqlite: "TEXT"
        case .postgres: "TEXT COLLATE \"C\""
        }
    }

    var bytes: SQLQuery {
        switch self {
        case .sqlite: "BLOB"
        case .postgres: "BYTEA"
        }
    }

    /// How a table ends that is found by its primary key only.
    var keyed: SQLQuery {
        switch self {
        case .sqlite: "WITHOUT ROWID"
        case .postgres: ""
        }
    }

    /// A point in time of another program's table, in whole seconds since 1970.
    func seconds(of column: SQLQuery) -> SQLQuery {
        switch self {
        case .sqlite: "CAST(strftime('%s', \(column)) AS INTEGER)"
        case .postgres: "CAST(FLOOR(EXTRACT(EPOCH FROM \(column))) AS BIGINT)"
        }
    }

    /// The columns there are, as rows of table and column.
    var columnNames: SQLQuery {
        switch self {
        case .sqlite:
            """
            SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c
            WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'
            """
        case .postgres:
            """
            SELECT c.relname, a.attname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
            WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
                AND a.attnum > 0 AND NOT a.attisdropped
            """
        }
    }

    /// The tables there are, as rows of one column.
    var tableNames: SQLQuery {
        switch self {
        case .sqlite: "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        case .postgres: "SELECT tablename FROM pg_catalog.pg_tables WHERE schemaname = current_schema()"
        }
    }
}
