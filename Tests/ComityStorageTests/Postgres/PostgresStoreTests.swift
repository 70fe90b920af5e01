// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityStorage
import ComityTesting
import SPIFFE
import Testing

@Suite struct PostgresStoreTests {
    @Test func serversThatStartTogetherMakeTheTablesOnce() async throws {
        let fixture = try await PostgresFixture()
        let stores = try await withThrowingTaskGroup(of: SQLStore.self) { group in
            for _ in 0..<8 { group.addTask { try await fixture.open() } }
            return try await group.reduce(into: [SQLStore]()) { $0.append($1) }
        }
        let entry = try await stores[0].create(try .fixture())
        for store in stores {
            #expect(try await store.entry(id: entry.id) == entry)
        }
    }

    @Test func refusesTheDatabaseOfAnotherTrustDomain() async throws {
        let fixture = try await PostgresFixture()
        _ = try await fixture.open().create(try .fixture())
        let before = try await fixture.server.dump(fixture.database)
        let error = await #expect(throws: StorageError.self) { _ = try await fixture.open("other.test") }
        let text = try #require(error?.description)
        #expect(error == StorageError(.otherTrustDomain, ""))
        #expect(text.contains("\"example.org\"") && text.contains("\"other.test\""))
        #expect(text.contains("connection_string") && text.contains(fixture.database))
        #expect(try await fixture.server.dump(fixture.database) == before)
    }

    @Test(arguments: [
        """
        CREATE TABLE migrations (id INTEGER, version INTEGER, code_version TEXT);
        CREATE TABLE bundles (id INTEGER, trust_domain TEXT, data BYTEA);
        CREATE TABLE registered_entries (id INTEGER, entry_id TEXT);
        """,
        "CREATE TABLE attested_node_entries (id INTEGER)",
        "CREATE TABLE recipes (id INTEGER)",
    ])
    func refusesTheDatabaseOfAnotherProgram(_ sql: String) async throws {
        let fixture = try await PostgresFixture()
        try await fixture.run(sql)
        let before = try await fixture.server.dump(fixture.database)
        await #expect(throws: StorageError(.foreignDatabase, "")) { _ = try await fixture.open() }
        #expect(try await fixture.server.dump(fixture.database) == before)
    }

    @Test func bringsADatabaseOfTheFirstVersionUpToDate() async throws {
        let fixture = try await PostgresFixture()
        _ = try await fixture.open().create(try .fixture())
        try await fixture.run(StoreKind.backToFirstVersion)
        let store = try await fixture.open()
        #expect(try await store.countEntries(EntryFilter()) == 1)
        try await StoreKind.expectSecondVersion(of: store)
    }

    @Test func refusesANewerSchema() async throws {
        let fixture = try await PostgresFixture()
        _ = try await fixture.open()
        try await fixture.run("UPDATE comity_meta SET value = '99' WHERE key = 'schema_version'")
        let before = try await fixture.server.dump(fixture.database)
        await #expect(throws: StorageError(.newerSchema, "")) { _ = try await fixture.open() }
        #expect(try await fixture.server.dump(fixture.database) == before)
    }

    @Test func makesNoTablesWhenMigrationIsDisabled() async throws {
        let fixture = try await PostgresFixture()
        var settings = fixture.settings
        settings.migrates = false
        await #expect {
            _ = try await fixture.open(settings: settings)
        } throws: {
            "\($0)".contains("disable_migration")
        }
        _ = try await fixture.open()
        #expect(try await fixture.open(settings: settings).countEntries(EntryFilter()) == 0)
    }

    @Test func logsInWithAPassword() async throws {
        let fixture = try await PostgresFixture()
        let settings = PostgresSettings(
            connectionString: fixture.server.connectionString(fixture.database, overTCP: true))
        #expect(try await fixture.open(settings: settings).countEntries(EntryFilter()) == 0)
    }

    @Test(arguments: [
        "host=127.0.0.1 port=1 dbname=registry user=comity password=hunter2",
        "postgres://comity:hunter2@127.0.0.1:1/registry", "host=127.0.0.1 password=hunter2 hunter2",
        "hunter2", "host=127.0.0.1 hunter2=1", "postgres://comity:hunter2@127.0.0.1:port/registry",
    ])
    func errorsHoldNoPassword(_ connectionString: String) async throws {
        await #expect {
            _ = try await SQLStore(
                postgres: PostgresSettings(connectionString: connectionString), trustDomain: TrustDomain("example.org"),
                logger: RecordedLog().logger())
        } throws: { error in
            let text = "\(error)"
            return error is StorageError && text.contains("connection_string") && !text.contains("hunter2")
        }
    }

    @Test func refusesAWrongPasswordWithoutShowingIt() async throws {
        let fixture = try await PostgresFixture()
        let right = fixture.server.connectionString(fixture.database, overTCP: true)
        let wrong = right.replacing(PostgresServer.password, with: "hunter2")
        await #expect {
            _ = try await fixture.open(settings: PostgresSettings(connectionString: wrong))
        } throws: { error in
            let text = "\(error)"
            return text.contains("password authentication failed") && text.contains(fixture.database)
                && !text.contains("hunter2")
        }
    }

    @Test func sharesFewConnectionsAmongMany() async throws {
        let fixture = try await PostgresFixture()
        var settings = fixture.settings
        settings.maximumConnections = 2
        let store = try await fixture.open(settings: settings)
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<50 { group.addTask { try await store.countEntries(EntryFilter()) } }
            for try await count in group { #expect(count == 0) }
        }
        let count = try await fixture.run(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = '\(fixture.database)' AND application_name = 'comity'"
        )
        #expect(["1\n", "2\n"].contains(count))
    }

    @Test func refusesAValueThatIsTooLongToBeFound() async throws {
        let fixture = try await PostgresFixture()
        let store = try await fixture.open()
        // Random, so that compression does not help it.
        let long = (0..<4000).map { _ in String(UInt8.random(in: .min ... .max), radix: 16) }.joined()
        #expect(
            await failure { _ = try await store.create(try .fixture(selectors: ["x:\(long)"])) } == .invalidArgument)
    }

    @Test func changesByManyServersDoNotOverwriteEachOther() async throws {
        let fixture = try await PostgresFixture()
        let stores = [try await fixture.open(), try await fixture.open(), try await fixture.open()]
        let other = try TrustDomain("other.test")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for store in stores {
                for _ in 0..<10 {
                    group.addTask {
                        _ = try await store.changeBundle(of: other) {
                            $0.bundle.sequenceNumber = ($0.bundle.sequenceNumber ?? 0) + 1
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await stores[0].bundle(of: other)?.bundle.sequenceNumber == 30)
    }

    @Test func similarEntriesMadeAtOnceBecomeOne() async throws {
        let fixture = try await PostgresFixture()
        let stores = [try await fixture.open(), try await fixture.open()]
        let created = try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<10 {
                group.addTask {
                    let creation = try await stores[number % 2].createEntry(try .fixture(), now: TestTime.now)
                    if case .created = creation { return true }
                    return false
                }
            }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(created == 1)
        #expect(try await stores[0].countEntries(EntryFilter()) == 1)
    }
}
