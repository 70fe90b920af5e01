// SPDX-License-Identifier: Apache-2.0

/// A running transaction. Used only inside it, by one thread at a time.
protocol SQLConnection {
    var dialect: SQLDialect { get }

    /// - Returns: how many rows were changed.
    @discardableResult
    func execute(_ query: SQLQuery) throws -> Int
    /// Hands on each row of the result as it comes.
    func forEachRow(of query: SQLQuery, _ body: (SQLRow) throws -> Void) throws
    /// Runs the work once, after the transaction is committed.
    func afterCommit(_ work: @Sendable @escaping () -> Void)
}

extension SQLConnection {
    func rows(_ query: SQLQuery) throws -> [SQLRow] {
        var rows: [SQLRow] = []
        try forEachRow(of: query) { rows.append($0) }
        return rows
    }

    func firstRow(_ query: SQLQuery) throws -> SQLRow? {
        var first: SQLRow?
        try forEachRow(of: query) { first = first ?? $0 }
        return first
    }

    /// The first column of the first row.
    func firstValue<Value: SQLConvertible>(_ query: SQLQuery) throws -> Value? {
        try firstRow(query)?[0]
    }
}
