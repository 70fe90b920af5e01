// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import GRDB
import Glibc

/// The file of a database before it is opened: made with the right mode, or looked at without changing it.
struct SQLiteFile {
    private static let header = Array("SQLite format 3\0".utf8)
    private static let mode: mode_t = 0o600
    private static let folderMode = 0o700
    /// Tables that SPIRE's databases have, whatever their version.
    private static let spireTables: Set<String> = [
        "registered_entries", "attested_node_entries", "federated_registration_entries",
    ]

    let path: String

    /// Makes the file if there is none, and its folder.
    ///
    /// - Returns: the schema version of the database in it; 0 when it is empty.
    func prepare(trustDomain: String) throws(StorageError) -> Int {
        try makeFolder()
        guard try exists() else {
            try create()
            return 0
        }
        let version = try inspect(trustDomain: trustDomain)
        guard chmod(path, Self.mode) == 0 else { throw systemError("cannot be made private") }
        return version
    }

    // MARK: - File

    private func makeFolder() throws(StorageError) {
        let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        guard !folder.isEmpty else { return }
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: Self.folderMode])
        } catch {
            throw StorageError(
                .unusable, "folder \"\(folder)\" of the database cannot be made; make it writable or name another",
                cause: error)
        }
    }

    private func exists() throws(StorageError) -> Bool {
        var isFolder = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return false }
        guard !isFolder else {
            throw StorageError(.unusable, "\"\(path)\" is a folder; name a file for the database")
        }
        return true
    }

    /// SQLite gives its side files the mode of the main one.
    private func create() throws(StorageError) {
        let descriptor = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, Self.mode)
        guard descriptor >= 0 else { throw systemError("cannot be made") }
        close(descriptor)
    }

    private func systemError(_ what: String) -> StorageError {
        StorageError(.unusable, "database \"\(path)\" \(what): \(String(cString: strerror(errno)))")
    }

    // MARK: - Content

    private func inspect(trustDomain: String) throws(StorageError) -> Int {
        guard try hasContent() else { return 0 }
        var configuration = Configuration()
        configuration.readonly = true
        let found: (tables: Set<String>, version: Int?, trustDomain: String?)
        do {
            found = try DatabaseQueue(path: path, configuration: configuration).read(Self.look)
        } catch {
            throw corrupt(cause: error)
        }
        guard let version = found.version else {
            return try refuseForeign(found.tables)
        }
        guard version <= SQLiteSchema.latestVersion else {
            throw StorageError(
                .newerSchema,
                """
                database "\(path)" has schema \(version), this program knows schemas up to \
                \(SQLiteSchema.latestVersion); run the newer version again, or restore a backup from before it ran
                """)
        }
        guard found.trustDomain == trustDomain else {
            throw StorageError(
                .otherTrustDomain,
                """
                database "\(path)" belongs to trust domain "\(found.trustDomain ?? "")", not "\(trustDomain)"; \
                correct trust_domain, or name another file in connection_string
                """)
        }
        return version
    }

    private func hasContent() throws(StorageError) -> Bool {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw systemError("cannot be read") }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: Self.header.count)
        let count = read(descriptor, &bytes, bytes.count)
        guard count >= 0 else { throw systemError("cannot be read") }
        guard count > 0 else { return false }
        guard count == bytes.count, bytes == Self.header else { throw corrupt(cause: nil) }
        return true
    }

    private static func look(_ db: Database) throws -> (tables: Set<String>, version: Int?, trustDomain: String?) {
        let tables = try String.fetchSet(
            db, sql: "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        guard tables.contains(SQLiteSchema.metaTable) else { return (tables, nil, nil) }
        return try (
            tables, SQLiteSchema.meta(db, "schema_version").flatMap { Int($0) },
            SQLiteSchema.meta(db, "trust_domain")
        )
    }

    private func refuseForeign(_ tables: Set<String>) throws(StorageError) -> Int {
        guard !tables.isEmpty else { return 0 }
        guard tables.isDisjoint(with: Self.spireTables) else {
            throw StorageError(
                .foreignDatabase,
                """
                database "\(path)" was made by SPIRE and is left as it is; name another file in connection_string, \
                and carry the entries over: "spire-server entry show -output json" prints them from the old server, \
                "comity server entry create -data FILE" makes them in the new one
                """)
        }
        throw StorageError(
            .foreignDatabase,
            """
            database "\(path)" was made by another program and is left as it is; \
            name another file in connection_string
            """)
    }

    private func corrupt(cause: (any Error)?) -> StorageError {
        StorageError(
            .corrupt,
            """
            "\(path)" is not a sound SQLite database and is left as it is; \
            restore it from a backup, or move it away to start empty
            """, cause: cause)
    }
}
