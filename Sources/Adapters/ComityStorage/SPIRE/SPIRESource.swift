// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import GRDB

/// Where a SPIRE server that has been stopped keeps its database. It is only ever read.
package enum SPIRESource: Hashable, Sendable {
    case sqlite(path: String)
    case postgres(PostgresSettings)

    /// Reads all of it, in one state.
    ///
    /// - Throws: ``StorageError`` when it is not SPIRE's, or a server seems to use it.
    @concurrent package func read() async throws(StorageError) -> SPIREDatabase {
        switch self {
        case .sqlite(let path): try Self.read(file: path)
        case .postgres(let settings): try await Self.read(settings)
        }
    }

    private static func read(file path: String) throws(StorageError) -> SPIREDatabase {
        try SPIREFile(path: path).requireStopped()
        var configuration = Configuration()
        configuration.readonly = true
        do {
            return try DatabaseQueue(path: SPIREFile(path: path).immutableURI, configuration: configuration).read {
                try SPIREReader(SQLiteConnection(db: $0), name: path).database()
            }
        } catch let error as StorageError {
            throw error
        } catch {
            throw unreadable(path, error)
        }
    }

    private static func read(_ settings: PostgresSettings) async throws(StorageError) -> SPIREDatabase {
        let database = try PostgresDatabase(settings: settings, timing: .system)
        let name = database.pool.address.name
        do {
            return try await database.read { db in
                let others: Int =
                    try db.firstValue(
                        """
                        SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database()
                            AND pid <> pg_backend_pid() AND backend_type = 'client backend'
                        """) ?? 0
                guard others == 0 else { throw StorageError.inUse(name, by: others) }
                return try SPIREReader(db, name: name).database()
            }
        } catch let error as StorageError {
            throw error
        } catch {
            throw unreadable(name, error)
        }
    }

    private static func unreadable(_ name: String, _ cause: any Error) -> StorageError {
        StorageError(.unusable, "database \"\(name)\" cannot be read", cause: cause)
    }
}

extension StorageError {
    fileprivate static func inUse(_ name: String, by sessions: Int) -> StorageError {
        StorageError(
            .inUse,
            """
            database "\(name)" is in use by \(sessions) other \(sessions == 1 ? "session" : "sessions"); \
            stop every SPIRE server of it and close other clients
            """)
    }
}
