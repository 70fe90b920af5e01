// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import GRDB

/// A transaction of GRDB's.
struct SQLiteConnection: SQLConnection {
    let db: Database

    var dialect: SQLDialect { .sqlite }

    func execute(_ query: SQLQuery) throws -> Int {
        let (text, arguments) = dialect.render(query)
        try db.cachedStatement(sql: text).execute(arguments: try statementArguments(arguments))
        return db.changesCount
    }

    func forEachRow(of query: SQLQuery, _ body: (SQLRow) throws -> Void) throws {
        let (text, arguments) = dialect.render(query)
        let statement = try db.cachedStatement(sql: text)
        let columns = SQLColumns(statement.columnNames)
        let cursor = try Row.fetchCursor(statement, arguments: try statementArguments(arguments))
        while let row = try cursor.next() {
            try body(SQLRow(columns: columns, values: row.databaseValues.map(SQLValue.init)))
        }
    }

    func afterCommit(_ work: @Sendable @escaping () -> Void) {
        db.afterNextTransaction { _ in work() }
    }

    private func statementArguments(_ arguments: [SQLDialect.Argument]) throws -> StatementArguments {
        StatementArguments(
            try arguments.map { argument -> DatabaseValue in
                switch argument {
                case .value(let value): value.databaseValue
                // Read by json_each, so that their number has no limit of SQLite's.
                case .texts(let texts): String(decoding: try JSONEncoder().encode(texts), as: UTF8.self).databaseValue
                case .integers(let integers): "[\(integers.map(String.init).joined(separator: ","))]".databaseValue
                }
            })
    }
}

extension SQLValue {
    fileprivate init(_ value: DatabaseValue) {
        self =
            switch value.storage {
            case .null: .null
            case .int64(let integer): .integer(integer)
            case .double(let real): .real(real)
            case .string(let text): .text(text)
            case .blob(let data): .bytes([UInt8](data))
            }
    }

    fileprivate var databaseValue: DatabaseValue {
        switch self {
        case .null: .null
        case .integer(let integer): integer.databaseValue
        case .real(let real): real.databaseValue
        case .flag(let flag): flag.databaseValue
        case .text(let text): text.databaseValue
        case .bytes(let bytes): Data(bytes).databaseValue
        }
    }
}
