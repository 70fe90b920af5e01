// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
package import Logging
package import SPIFFE
import Synchronization

/// Keeps the registry in a database: one SQLite file of its own, or PostgreSQL, shared with other servers.
///
/// Each method is one transaction. Changes are told after their commit.
package final class SQLStore: Sendable {
    private let database: any SQLDatabase
    private let feed = ChangeFeed()
    /// For a database that other servers change too.
    private let follower: ChangeFollower?
    /// Why the last write was not stored; `nil` when it was.
    private let writeFailure = Mutex<RegistryError?>(nil)

    private init(database: any SQLDatabase, follower: ChangeFollower? = nil) {
        self.database = database
        self.follower = follower
    }

    /// Opens the SQLite database of a trust domain, making or updating it first.
    ///
    /// - Throws: ``StorageError``. A database that is not ours, of another trust domain or too new stays untouched.
    package convenience init(path: String, trustDomain: TrustDomain) throws(StorageError) {
        self.init(database: try SQLiteDatabase(path: path, trustDomain: trustDomain.name))
    }

    /// Opens the copy of a SQLite database that nobody uses, of whatever version that is known.
    ///
    /// - Throws: ``StorageError``
    package convenience init(copy path: String, trustDomain: TrustDomain) throws(StorageError) {
        self.init(database: try SQLiteDatabase(copy: path, trustDomain: trustDomain.name))
    }

    /// Opens the PostgreSQL database of a trust domain, making or updating its tables first.
    ///
    /// - Throws: ``StorageError``. A database that is not ours, of another trust domain or too new stays untouched.
    package convenience init(
        postgres settings: PostgresSettings, trustDomain: TrustDomain, timing: StorageTiming = .system, logger: Logger
    ) async throws {
        let database = try PostgresDatabase(settings: settings, timing: timing)
        try await database.prepare(trustDomain: trustDomain.name)
        let log = ChangeLog()
        // Before anything is read, so that no change falls between.
        let start = try await database.read { try log.position(in: $0) }
        self.init(
            database: database,
            follower: ChangeFollower(database: database, log: log, start: start, timing: timing, logger: logger))
    }

    /// Whether other servers may use the database at the same time.
    var isShared: Bool { follower != nil }

    /// Tells what other servers change too, until cancelled; returns at once when there can be none.
    package func followOthers() async {
        await follower?.run { [feed] in feed.publish($0) }
    }

    func read<Value: Sendable>(_ body: @Sendable @escaping (any SQLConnection) throws -> Value) async throws -> Value {
        try await database.read(body)
    }

    /// Runs one transaction and tells the changes that it recorded.
    @discardableResult
    func write<Value: Sendable>(
        _ body: @Sendable @escaping (inout Transaction) throws -> Value
    ) async throws -> Value {
        let value: Value
        do {
            value = try await database.write { [feed, log = follower?.log] db in
                var transaction = Transaction(db: db)
                let value = try body(&transaction)
                let changes = transaction.changes
                if !changes.isEmpty {
                    try log?.append(changes, in: db)
                    db.afterCommit { feed.publish(changes) }
                }
                return value
            }
        } catch let error as RegistryError where error.code == .unavailable {
            writeFailure.withLock { $0 = error }
            throw error
        }
        writeFailure.withLock { $0 = nil }
        return value
    }

    /// Tries again to write when the last write was not stored, for want of room or of the database.
    ///
    /// - Throws: ``RegistryError`` while it is so.
    package func checkWriting() async throws {
        guard writeFailure.withLock({ $0 != nil }) else { return }
        // A write that failed may leave room for a small one; so this one is as large as a batch of entries.
        let ballast = String(repeating: "-", count: 1 << 16)
        try await write { transaction in
            try transaction.db.execute(
                """
                INSERT INTO comity_meta (key, value) VALUES ('write_check', \(ballast))
                ON CONFLICT (key) DO UPDATE SET value = excluded.value
                """)
        }
        try await write { try $0.db.execute("DELETE FROM comity_meta WHERE key = 'write_check'") }
    }
}

extension SQLStore {
    /// A running transaction and what it has changed so far.
    struct Transaction {
        let db: any SQLConnection
        private(set) var changes: [RegistryChange] = []

        init(db: any SQLConnection) {
            self.db = db
        }

        mutating func record(_ change: RegistryChange) {
            changes.append(change)
        }
    }
}

extension SQLStore: RegistryStore {
    package func changes() -> AsyncStream<RegistryChange> {
        feed.changes()
    }
}
