// SPDX-License-Identifier: Apache-2.0

/// A running transaction on one connection.
final class PostgresTransaction: SQLConnection {
    enum Kind: Sendable {
        /// Reads one state.
        case reading
        /// Beside others, as if it were alone; fails when that cannot be.
        case writing
        /// While no other one writes.
        case writingAlone
        /// Looks at the tables and makes them, while no other server does.
        case setUp

        /// How long one statement may take.
        var limit: Duration { self == .setUp ? .seconds(300) : .seconds(30) }

        fileprivate var script: String {
            let level =
                switch self {
                case .reading: "REPEATABLE READ READ ONLY"
                case .writing, .writingAlone: "SERIALIZABLE"
                case .setUp: "READ COMMITTED"
                }
            // A lock of a table is taken before the state is that the transaction sees.
            let lock =
                switch self {
                case .reading: ""
                case .writing: "; LOCK TABLE comity_meta IN ROW EXCLUSIVE MODE"
                case .writingAlone: "; LOCK TABLE comity_meta IN EXCLUSIVE MODE"
                case .setUp: "; SELECT pg_advisory_xact_lock(\(PostgresTransaction.setUpLock))"
                }
            // Set for the transaction only: a pooler may give the session to somebody else after.
            return """
                BEGIN ISOLATION LEVEL \(level); SET LOCAL statement_timeout = '\(limit.components.seconds)s'; \
                SET LOCAL idle_in_transaction_session_timeout = '\(limit.components.seconds)s'\(lock)
                """
        }
    }

    /// "comity" in ASCII.
    private static let setUpLock: Int64 = 0x63_6f_6d_69_74_79
    /// What the server may need to say that the time is up.
    private static let grace = Duration.seconds(5)

    private let connection: PostgresConnection
    private let limit: Duration
    private var workAfterCommit: [@Sendable () -> Void] = []

    private init(_ connection: PostgresConnection, limit: Duration) {
        self.connection = connection
        self.limit = limit + Self.grace
    }

    var dialect: SQLDialect { .postgres }

    func execute(_ query: SQLQuery) throws -> Int {
        let (text, arguments) = dialect.render(query)
        return try connection.run(text, arguments, within: limit).changedRows
    }

    func forEachRow(of query: SQLQuery, _ body: (SQLRow) throws -> Void) throws {
        let (text, arguments) = dialect.render(query)
        try connection.run(text, arguments, within: limit).forEachRow(body)
    }

    func afterCommit(_ work: @Sendable @escaping () -> Void) {
        workAfterCommit.append(work)
    }

    /// Runs the body in a transaction.
    static func run<Value>(
        _ kind: Kind, on connection: PostgresConnection, _ body: (any SQLConnection) throws -> Value
    ) throws -> Value {
        let transaction = PostgresTransaction(connection, limit: kind.limit)
        let value: Value
        do {
            try connection.run(script: kind.script, within: transaction.limit)
            value = try body(transaction)
        } catch {
            if !connection.isLost {
                // When this fails too the connection is not idle, and nobody uses it again.
                try? connection.run(script: "ROLLBACK", within: transaction.limit)
            }
            throw error
        }
        do {
            try connection.run(script: "COMMIT", within: transaction.limit)
        } catch let error as PostgresError where error.kind == .lost {
            // Whether it was committed is not known, so it must not be tried again unasked.
            throw PostgresError(.unavailable, "\(error.message); the last change may have been made or not")
        }
        for work in transaction.workAfterCommit { work() }
        return value
    }
}
