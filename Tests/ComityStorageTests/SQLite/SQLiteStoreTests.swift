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

    @Test func bringsADatabaseOfTheFirstVersionUpToDate() async throws {
        do {
            let store = try open()
            _ = try await store.create(try .fixture())
        }
        try make(StoreKind.backToFirstVersion)
        let store = try open()
        #expect(try await store.countEntries(EntryFilter()) == 1)
        try await StoreKind.expectSecondVersion(of: store)
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

    /// Fills a database with more than a hundred pages and closes it.
    private func fill() async throws {
        let store = try open()
        for number in 0..<200 { _ = try await store.create(try .fixture("/workload/\(number)")) }
    }

    @Test(
        "a database that lost its end or a page in the middle is refused and left as it is",
        arguments: [false, true])
    func refusesADamagedDatabase(isCutOff: Bool) async throws {
        try await fill()
        #expect(!FileManager.default.fileExists(atPath: path + "-wal"))
        var damaged = try bytes()
        try #require(damaged.count > 40 * 4096)
        if isCutOff {
            damaged.removeLast(damaged.count / 3)
        } else {
            for index in 4096 * 3..<damaged.count - 4096 * 3 where index % 4096 < 64 { damaged[index] = 0xa5 }
        }
        try damaged.write(to: URL(filePath: path))
        let error = #expect(throws: StorageError.self) { try open() }
        #expect(error?.code == .corrupt)
        #expect(error?.message.contains("\"comity server restore\"") == true)
        #expect(try bytes() == damaged)
    }

    @Test func refusesAnEmptyFileBesideALog() async throws {
        let store = try open()
        _ = try await store.create(try .fixture())
        // As a crash leaves the log, and the main file cut off.
        let copy = folder.path("copy.db")
        try FileManager.default.copyItem(atPath: path + "-wal", toPath: copy + "-wal")
        try Data().write(to: URL(filePath: copy))
        let log = try Data(contentsOf: URL(filePath: copy + "-wal"))
        #expect(!log.isEmpty)
        #expect(throws: StorageError(.corrupt, "")) { try SQLStore(path: copy, trustDomain: trustDomain) }
        #expect(try Data(contentsOf: URL(filePath: copy + "-wal")) == log)
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
