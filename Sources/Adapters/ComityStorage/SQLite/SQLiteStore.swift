// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
import GRDB
package import SPIFFE

/// Keeps the registry in one SQLite file of its own.
///
/// Each method is one transaction. Changes are told after their commit, in the order of commits.
package final class SQLiteStore: Sendable {
    let pool: DatabasePool
    private let feed = ChangeFeed()

    /// Opens the database of a trust domain, making or updating it first.
    ///
    /// - Throws: ``StorageError``. A database that is not ours, of another trust domain or too new stays untouched.
    package init(path: String, trustDomain: TrustDomain) throws(StorageError) {
        let version = try SQLiteFile(path: path).prepare(trustDomain: trustDomain.name)
        do {
            var configuration = Configuration()
            configuration.busyMode = .timeout(5)
            pool = try DatabasePool(path: path, configuration: configuration)
            // A used join token must stay used and a published key published, even when the power fails.
            try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
            try pool.write { try SQLiteSchema.migrate($0, from: version, trustDomain: trustDomain.name) }
        } catch {
            throw StorageError(
                .unusable,
                "database \"\(path)\" cannot be opened; see that its folder is writable and no other server uses it",
                cause: error)
        }
    }

    func read<Value: Sendable>(_ body: @Sendable @escaping (Database) throws -> Value) async throws -> Value {
        do {
            return try await pool.read(body)
        } catch let error as DatabaseError {
            throw RegistryError(error)
        }
    }

    /// Runs one transaction and tells the changes that it recorded.
    func write<Value: Sendable>(
        _ body: @Sendable @escaping (inout Transaction) throws -> Value
    ) async throws -> Value {
        do {
            return try await pool.write { [feed] db in
                var transaction = Transaction(db: db)
                let value = try body(&transaction)
                let changes = transaction.changes
                if !changes.isEmpty {
                    db.afterNextTransaction { _ in feed.publish(changes) }
                }
                return value
            }
        } catch let error as DatabaseError {
            throw RegistryError(error)
        }
    }
}

extension SQLiteStore {
    /// A running transaction and what it has changed so far.
    struct Transaction {
        let db: Database
        private(set) var changes: [RegistryChange] = []

        init(db: Database) {
            self.db = db
        }

        mutating func record(_ change: RegistryChange) {
            changes.append(change)
        }
    }
}

extension SQLiteStore: RegistryStore {
    package func changes() -> AsyncStream<RegistryChange> {
        feed.changes()
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
