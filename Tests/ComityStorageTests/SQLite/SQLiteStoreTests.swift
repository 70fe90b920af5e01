// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityStorage
import ComityTesting
import FoundationEssentials
import GRDB
import SPIFFE
import Testing

@Suite struct SQLiteStoreTests {
    private let folder: TemporaryFolder
    private let path: String
    private let trustDomain: TrustDomain

    init() throws {
        folder = try TemporaryFolder()
        path = folder.path("data/registry.db")
        trustDomain = try TrustDomain("example.org")
    }

    private func open(_ trustDomain: String = "example.org") throws -> SQLStore {
        try SQLStore(path: path, trustDomain: TrustDomain(trustDomain))
    }

    /// Makes a database that we did not make.
    private func make(_ sql: String) throws {
        try FileManager.default.createDirectory(atPath: folder.path("data"), withIntermediateDirectories: true)
        let queue = try DatabaseQueue(path: path)
        try queue.write { try $0.execute(sql: sql) }
        try queue.close()
    }

    private func bytes() throws -> Data {
        try Data(contentsOf: URL(filePath: path))
    }

    @Test func findsEverythingAgainAfterReopening() async throws {
        let entry: Entry
        do {
            let store = try open()
            entry = try await store.create(try .fixture())
            try await store.createJoinToken(JoinToken(value: "used", expiresAt: TestTime.future))
            _ = try await store.consumeJoinToken("used")
        }
        let store = try open()
        #expect(try await store.entry(id: entry.id) == entry)
        #expect(try await store.consumeJoinToken("used") == nil)
    }

    @Test func findsWhatWasCommittedWithoutAClose() async throws {
        let store = try open()
        let entry = try await store.create(try .fixture())
        // The files as a crash leaves them: the log not yet written back.
        let copy = folder.path("copy.db")
        for suffix in ["", "-wal"] {
            try FileManager.default.copyItem(atPath: path + suffix, toPath: copy + suffix)
        }
        let recovered = try SQLStore(path: copy, trustDomain: trustDomain)
        #expect(try await recovered.entry(id: entry.id) == entry)
    }

    @Test func keepsItsFilesPrivate() async throws {
        let store = try open()
        _ = try await store.create(try .fixture())
        for suffix in ["", "-wal", "-shm"] {
            let attributes = try FileManager.default.attributesOfItem(atPath: path + suffix)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
        }
    }

    @Test func refusesTheDatabaseOfAnotherTrustDomain() async throws {
        do { _ = try await open().create(try .fixture()) }
        let before = try bytes()
        #expect(throws: StorageError(.otherTrustDomain, "")) { try open("other.test") }
        #expect(try bytes() == before)
        #expect(try await open().countEntries(EntryFilter()) == 1)
    }

    @Test func namesBothTrustDomainsAndTheWayOn() throws {
        do { _ = try open() }
        #expect {
            try open("other.test")
        } throws: { error in
            let text = "\(error)"
            return text.contains("\"example.org\"") && text.contains("\"other.test\"")
                && text.contains("connection_string") && text.contains(path)
        }
    }

    @Test(arguments: [
        """
        CREATE TABLE migrations (id INTEGER, version INTEGER, code_version TEXT);
        CREATE TABLE bundles (id INTEGER, trust_domain TEXT, data BLOB);
        CREATE TABLE registered_entries (id INTEGER, entry_id TEXT);
        """,
        "CREATE TABLE attested_node_entries (id INTEGER)",
        "CREATE TABLE recipes (id INTEGER)",
    ])
    func refusesTheDatabaseOfAnotherProgram(_ sql: String) throws {
        try make(sql)
        let before = try bytes()
        #expect(throws: StorageError(.foreignDatabase, "")) { try open() }
        #expect(try bytes() == before)
    }

    @Test func refusesANewerSchema() throws {
        do { _ = try open() }
        try make("UPDATE comity_meta SET value = '99' WHERE key = 'schema_version'")
        let before = try bytes()
        #expect(throws: StorageError(.newerSchema, "")) { try open() }
        #expect(try bytes() == before)
    }

    @Test(arguments: ["no database at all, but longer than a header", "short", "SQLite format 3\0 and then nonsense"])
    func refusesACorruptFile(_ content: String) throws {
        try FileManager.default.createDirectory(atPath: folder.path("data"), withIntermediateDirectories: true)
        try Data(content.utf8).write(to: URL(filePath: path))
        #expect(throws: StorageError(.corrupt, "")) { try open() }
        #expect(try bytes() == Data(content.utf8))
    }

    @Test func takesAnEmptyFileForANewDatabase() async throws {
        try make("SELECT 1")
        #expect(try await open().countEntries(EntryFilter()) == 0)
    }

    @Test func saysThatTheFolderCannotBeMade() throws {
        try Data().write(to: URL(filePath: folder.path("data")))
        #expect(throws: StorageError(.unusable, "")) { try open() }
    }

    @Test func saysThatThePathIsAFolder() throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        #expect(throws: StorageError(.unusable, "")) { try open() }
    }
}
