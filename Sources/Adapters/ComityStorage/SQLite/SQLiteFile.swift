// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import GRDB
import Glibc

/// The file of a database before it is opened: made with the right mode, or looked at without changing it.
struct SQLiteFile {
    private static let header = Array("SQLite format 3\0".utf8)
    private static let mode: mode_t = 0o600
    private static let folderMode = 0o700

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
    func create() throws(StorageError) {
        let descriptor = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, Self.mode)
        guard descriptor >= 0 else { throw systemError("cannot be made") }
        close(descriptor)
    }

    private func systemError(_ what: String) -> StorageError {
        StorageError(.unusable, "database \"\(path)\" \(what): \(String(cString: strerror(errno)))")
    }

    // MARK: - Content

    /// Says whether there is no file, or no registry in it, without making or changing one.
    func holdsNothing(trustDomain: String) throws(StorageError) -> Bool {
        guard try exists(), try inspect(trustDomain: trustDomain) > 0 else { return true }
        do {
            return try DatabaseQueue(path: path, configuration: Self.reading).read {
                try SQLStore.isEmpty(SQLiteConnection(db: $0))
            }
        } catch {
            throw corrupt(cause: error)
        }
    }

    private static var reading: Configuration {
        var configuration = Configuration()
        configuration.readonly = true
        return configuration
    }

    /// - Returns: the schema version of the database in the file; 0 when it is empty.
    func inspect(trustDomain: String) throws(StorageError) -> Int {
        guard try hasContent() else {
            try refuseOrphanedLog()
            return 0
        }
        let queue: DatabaseQueue
        let found: FoundDatabase
        do {
            queue = try DatabaseQueue(path: path, configuration: Self.reading)
            found = try queue.read { try FoundDatabase(SQLiteConnection(db: $0)) }
        } catch {
            throw corrupt(cause: error)
        }
        let version = try found.usableVersion(of: trustDomain, name: path, kind: "file")
        try check(queue)
        return version
    }

    /// Looks at every page once: far less work than reading all entries, which follows at every start.
    private func check(_ queue: DatabaseQueue) throws(StorageError) {
        let finding: String?
        do {
            finding = try queue.read { try String.fetchOne($0, sql: "PRAGMA quick_check(1)") }
        } catch {
            throw corrupt(cause: error)
        }
        guard finding == "ok" else { throw corrupt(finding ?? "it cannot be checked") }
    }

    /// An empty file beside a log was cut off; SQLite would take it for new and delete the log.
    private func refuseOrphanedLog() throws(StorageError) {
        guard let size = FileSize.of("\(path)-wal"), size > 0 else { return }
        throw corrupt("it is empty, but \"\(path)-wal\" beside it is not")
    }

    private func hasContent() throws(StorageError) -> Bool {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw systemError("cannot be read") }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: Self.header.count)
        let count = read(descriptor, &bytes, bytes.count)
        guard count >= 0 else { throw systemError("cannot be read") }
        guard count > 0 else { return false }
        guard count == bytes.count, bytes == Self.header else { throw corrupt() }
        return true
    }

    private func corrupt(_ finding: String = "", cause: (any Error)? = nil) -> StorageError {
        StorageError(
            .corrupt,
            """
            "\(path)" is not a sound SQLite database and is left as it is\(finding.isEmpty ? "" : " (\(finding))"); \
            put a backup back by "comity server restore", or move it away to start empty
            """, cause: cause)
    }
}
