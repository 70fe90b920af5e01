// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import GRDB
import Glibc

/// One SQLite file with a copy of a database, or without, and further parts by name.
package struct BackupFile: Sendable {
    static let table = "comity_backup"

    package let path: String

    package init(path: String) {
        self.path = path
    }

    /// Makes the file anew, empty and private.
    package func create() throws(StorageError) {
        unlink(path)
        try SQLiteFile(path: path).create()
    }

    /// Puts a copy of a database into the file, as it is at this moment; others may write to it meanwhile.
    ///
    /// - Throws: ``StorageError`` when the copy is not sound.
    package func copy(_ database: String) throws(StorageError) {
        guard access(database, F_OK) == 0 else {
            throw StorageError(.unusable, "there is no database \"\(database)\"; has this server run?")
        }
        let finding: String?
        do {
            let source = try DatabaseQueue(path: database, configuration: Self.readOnly)
            let copy = try DatabaseQueue(path: path)
            try source.backup(to: copy)
            finding = try copy.writeWithoutTransaction { db in
                // One file without a log beside it.
                try db.execute(sql: "PRAGMA journal_mode = DELETE")
                return try String.fetchOne(db, sql: "PRAGMA integrity_check(1)")
            }
            try copy.close()
            try source.close()
        } catch {
            throw StorageError(.unusable, "database \"\(database)\" cannot be copied to \"\(path)\"", cause: error)
        }
        guard finding == "ok" else {
            throw StorageError(.corrupt, "\"\(database)\" is not a sound database (\(finding ?? "not checked"))")
        }
    }

    // MARK: - Parts

    package func write(_ parts: [String: [UInt8]]) throws(StorageError) {
        try change { db in
            try db.execute(sql: "CREATE TABLE \(Self.table) (name TEXT PRIMARY KEY NOT NULL, content BLOB NOT NULL)")
            for (name, content) in parts {
                try db.execute(
                    sql: "INSERT INTO \(Self.table) (name, content) VALUES (?, ?)", arguments: [name, Data(content)])
            }
        }
    }

    /// - Throws: ``StorageError`` with code `corrupt` when the file is no backup.
    package func parts() throws(StorageError) -> [String: [UInt8]] {
        do {
            let queue = try DatabaseQueue(path: path, configuration: Self.readOnly)
            return try queue.read { db in
                var parts: [String: [UInt8]] = [:]
                for row in try Row.fetchAll(db, sql: "SELECT name, content FROM \(Self.table)") {
                    parts[row["name"]] = [UInt8](row["content"] as Data)
                }
                return parts
            }
        } catch {
            throw StorageError(
                .corrupt, "\"\(path)\" is not a sound backup of \"comity server backup\"; name another file",
                cause: error)
        }
    }

    /// Leaves the database alone in the file, and of the parts no trace.
    package func removeParts() throws(StorageError) {
        try change { db in
            try db.execute(sql: "PRAGMA secure_delete = ON")
            try db.execute(sql: "DROP TABLE \(Self.table)")
        }
    }

    private func change(_ work: (Database) throws -> Void) throws(StorageError) {
        do {
            let queue = try DatabaseQueue(path: path)
            try queue.inDatabase { db in
                try work(db)
            }
            try queue.close()
        } catch {
            throw StorageError(.unusable, "\"\(path)\" cannot be written", cause: error)
        }
    }

    private static var readOnly: Configuration {
        var configuration = Configuration()
        configuration.readonly = true
        return configuration
    }
}
