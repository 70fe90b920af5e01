// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import GRDB

/// One SQLite file: many readers, one writer.
final class SQLiteDatabase: SQLDatabase {
    private let pool: DatabasePool

    init(path: String, trustDomain: String) throws(StorageError) {
        let version = try SQLiteFile(path: path).prepare(trustDomain: trustDomain)
        do {
            var configuration = Configuration()
            configuration.busyMode = .timeout(5)
            pool = try DatabasePool(path: path, configuration: configuration)
            // A used join token must stay used and a published key published, even when the power fails.
            try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
            try pool.write { try SQLSchema.migrate(SQLiteConnection(db: $0), from: version, trustDomain: trustDomain) }
        } catch {
            throw StorageError(
                .unusable,
                "database \"\(path)\" cannot be opened; see that its folder is writable and no other server uses it",
                cause: error)
        }
    }

    func read<Value: Sendable>(_ body: @Sendable @escaping (any SQLConnection) throws -> Value) async throws -> Value {
        do {
            return try await pool.read { try body(SQLiteConnection(db: $0)) }
        } catch let error as DatabaseError {
            throw RegistryError(error)
        }
    }

    func write<Value: Sendable>(_ body: @Sendable @escaping (any SQLConnection) throws -> Value) async throws -> Value {
        do {
            return try await pool.write { try body(SQLiteConnection(db: $0)) }
        } catch let error as DatabaseError {
            throw RegistryError(error)
        }
    }
}

extension RegistryError {
    fileprivate init(_ error: DatabaseError) {
        let isPassing = [.SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_FULL, .SQLITE_IOERR].contains(error.resultCode)
        self.init(
            isPassing ? .unavailable : .internalError, "datastore-sql: \(error.message ?? error.resultCode.description)"
        )
    }
}
