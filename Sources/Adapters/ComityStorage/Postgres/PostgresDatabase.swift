// SPDX-License-Identifier: Apache-2.0

import ComityRegistry

/// A PostgreSQL database that several servers share.
final class PostgresDatabase: SQLDatabase {
    let pool: PostgresPool
    private let settings: PostgresSettings
    private let timing: StorageTiming

    init(settings: PostgresSettings, timing: StorageTiming) throws(StorageError) {
        self.settings = settings
        self.timing = timing
        let address = try PostgresAddress(connectionString: settings.connectionString)
        pool = PostgresPool(address: address, settings: settings, timing: timing)
    }

    private var name: String { pool.address.name }

    func read<Value: Sendable>(_ body: @Sendable @escaping (any SQLConnection) throws -> Value) async throws -> Value {
        try await repeating(body) { _ in .reading }
    }

    func write<Value: Sendable>(_ body: @Sendable @escaping (any SQLConnection) throws -> Value) async throws -> Value {
        try await repeating(body) { $0.runsAlone ? .writingAlone : .writing }
    }

    private func repeating<Value: Sendable>(
        _ body: @Sendable @escaping (any SQLConnection) throws -> Value,
        as kind: (TransactionRetries) -> PostgresTransaction.Kind
    ) async throws -> Value {
        var retries = TransactionRetries()
        while true {
            do {
                let kind = kind(retries)
                return try await pool.perform { try PostgresTransaction.run(kind, on: $0, body) }
            } catch let error as PostgresError {
                guard let pause = retries.pause(after: error.kind, random: timing.random()) else {
                    throw RegistryError(error, name: name)
                }
                try await timing.sleep(pause)
            }
        }
    }

    // MARK: - Set-up

    /// Says whether there are no tables of ours, or nothing in them, without making or changing any.
    func holdsNothing(trustDomain: String) async throws(StorageError) -> Bool {
        do {
            return try await read { [name] db in
                guard try FoundDatabase(db).usableVersion(of: trustDomain, name: name, kind: "database") > 0 else {
                    return true
                }
                return try SQLStore.isEmpty(db)
            }
        } catch let error as StorageError {
            throw error
        } catch {
            throw StorageError(.unusable, "database \(name) cannot be read", cause: error)
        }
    }

    /// Makes the tables or brings them up to date, once however many servers start at the same time.
    ///
    /// - Throws: ``StorageError``. A database that is not ours, of another trust domain or too new stays untouched.
    func prepare(trustDomain: String) async throws(StorageError) {
        let (name, migrates) = (name, settings.migrates)
        do {
            try await pool.perform { connection in
                guard connection.serverVersion >= PostgresConnection.oldestVersion else {
                    throw StorageError(
                        .unusable,
                        "database \(name) is PostgreSQL \(connection.serverVersion / 10000); 13 is the oldest")
                }
                try PostgresTransaction.run(.setUp, on: connection) { db in
                    let version = try FoundDatabase(db).usableVersion(of: trustDomain, name: name, kind: "database")
                    guard version < SQLSchema.latestVersion else { return }
                    guard migrates else { throw StorageError.migrationIsDisabled(name: name, version: version) }
                    try SQLSchema.migrate(db, from: version, trustDomain: trustDomain)
                }
            }
        } catch let error as StorageError {
            throw error
        } catch {
            let message = (error as? PostgresError)?.message ?? "\(error)"
            throw StorageError(
                .unusable,
                """
                database \(name) cannot be used: \(message); see that it runs, that connection_string is right \
                and that its user may make tables there
                """)
        }
    }
}

extension StorageError {
    fileprivate static func migrationIsDisabled(name: String, version: Int) -> StorageError {
        StorageError(
            .unusable,
            """
            database "\(name)" has schema \(version), this program needs \(SQLSchema.latestVersion); \
            remove disable_migration once, then start one server
            """)
    }
}
