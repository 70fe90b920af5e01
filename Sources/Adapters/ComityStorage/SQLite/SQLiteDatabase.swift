// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import GRDB

/// One SQLite file: many readers, one writer.
final class SQLiteDatabase: SQLDatabase {
    private let writer: any DatabaseWriter

    init(path: String, trustDomain: String) throws(StorageError) {
        let version = try SQLiteFile(path: path).prepare(trustDomain: trustDomain)
        do {
            var configuration = Configuration()
            configuration.busyMode = .timeout(5)
            let pool = try DatabasePool(path: path, configuration: configuration)
            // A used join token must stay used and a published key published, even when the power fails.
            try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
            try pool.write { try SQLSchema.migrate(SQLiteConnection(db: $0), from: version, trustDomain: trustDomain) }
            writer = pool
        } catch {
            throw StorageError(
                .unusable,
                "database \"\(path)\" cannot be opened; see that its folder is writable and no other server uses it",
                cause: error)
        }
    }

    /// Opens a file that nobody else uses, and leaves its version and no file beside it.
    init(copy path: String, trustDomain: String) throws(StorageError) {
        guard try SQLiteFile(path: path).inspect(trustDomain: trustDomain) > 0 else {
            throw StorageError(.corrupt, "\"\(path)\" holds no database")
        }
        do {
            writer = try DatabaseQueue(path: path)
        } catch {
            throw StorageError(.unusable, "\"\(path)\" cannot be opened", cause: error)
        }
    }

    func read<Value: Sendable>(_ body: @Sendable @escaping (any SQLConnection) throws -> Value) async throws -> Value {
        do {
            return try await writer.read { try body(SQLiteConnection(db: $0)) }
        } catch let error as DatabaseError {
            throw RegistryError(error)
        }
    }

    func write<Value: Sendable>(_ body: @Sendable @escaping (any SQLConnection) throws -> Value) async throws -> Value {
        do {
            return try await writer.write { try body(SQLiteConnection(db: $0)) }
        } catch let error as DatabaseError {
            throw RegistryError(error)
        }
    }
}

extension RegistryError {
    fileprivate init(_ error: DatabaseError) {
        let passing: [ResultCode] = [
            .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_FULL, .SQLITE_IOERR, .SQLITE_READONLY, .SQLITE_CANTOPEN,
        ]
        let cure =
            switch error.resultCode {
            case .SQLITE_FULL: "; make room on the disk"
            case .SQLITE_READONLY, .SQLITE_CANTOPEN: "; let the user that runs the server write there"
            default: ""
            }
        self.init(
            passing.contains(error.resultCode) ? .unavailable : .internalError,
            "datastore-sql: \(error.message ?? error.resultCode.description)\(cure)")
    }
}
