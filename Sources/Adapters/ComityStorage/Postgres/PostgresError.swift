// SPDX-License-Identifier: Apache-2.0

import ComityRegistry

/// Why a statement, or a connection, failed.
struct PostgresError: Error, Hashable, Sendable {
    enum Kind: Sendable {
        /// Another transaction was in the way; the same again may succeed.
        case conflict
        /// The tables were changed since the statement was prepared; another connection can run it.
        case stalePlan
        /// A pooler between gave the connection another session, which knows other prepared statements.
        case lostStatement
        /// The connection broke before the transaction was to be committed: nothing was changed.
        case lost
        /// The database cannot serve now.
        case unavailable
        /// A value is longer than the database can index.
        case tooLong
        case other
    }

    var kind: Kind
    /// What the database said; no values are in it.
    var message: String

    init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    /// - Parameter state: the SQLSTATE code.
    init(state: String, _ message: String) {
        let kind: Kind =
            switch state {
            case "40001", "40P01": .conflict
            case "0A000": .stalePlan
            case "26000", "42P05": .lostStatement
            case "54000": .tooLong
            // Locked too long, taken too long, read-only since a failover, stopping or starting.
            case "55P03", "57014", "25006", "57P01", "57P02", "57P03", "57P04": .unavailable
            case "42501", "3D000": .unavailable
            default: ["08", "28", "53", "58"].contains(state.prefix(2)) ? .unavailable : .other
            }
        self.init(kind, message)
    }
}

extension RegistryError {
    /// - Parameter name: Which database it was.
    init(_ error: PostgresError, name: String) {
        let message = "datastore-sql: \(error.message)"
        switch error.kind {
        case .conflict:
            self.init(.unavailable, "\(message); other servers were in the way too often, try again")
        case .stalePlan, .lostStatement, .lost, .unavailable:
            self.init(.unavailable, "datastore-sql: database \(name) does not serve now: \(error.message)")
        case .tooLong: self.init(.invalidArgument, "\(message): a value is too long for the database to find it again")
        case .other: self.init(.internalError, message)
        }
    }
}
