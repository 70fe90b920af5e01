// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityStorage
import ComityTesting
import SPIFFE
import Testing

/// What a server does while its database is away. Has a database server of its own to stop.
@Suite(.timeLimit(.minutes(2))) struct PostgresOutageTests {
    @Test func saysThatTheDatabaseIsAwayAndGoesOnWhenItIsBack() async throws {
        let server = try await PostgresServer()
        let fixture = try await PostgresFixture(server: server)
        let store = try await fixture.open()
        let entry = try await store.create(try .fixture())
        var changes = store.changes().makeAsyncIterator()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await store.followOthers() }
            try await server.stop()
            await #expect {
                _ = try await store.entry(id: entry.id)
            } throws: { error in
                (error as? RegistryError)?.code == .unavailable && "\(error)".contains(fixture.database)
            }
            #expect(await failure { _ = try await store.deleteEntry(id: entry.id) } == .unavailable)
            try await server.start()
            #expect(try await store.entry(id: entry.id) == entry)
            // Whatever was changed meanwhile is read anew.
            #expect(await changes.next() == .everything)
            group.cancelAll()
        }
    }

    @Test func usesNoConnectionThatTheDatabaseHasEnded() async throws {
        let fixture = try await PostgresFixture()
        let store = try await fixture.open()
        let entry = try await store.create(try .fixture())
        try await fixture.endConnections()
        #expect(try await store.entry(id: entry.id) == entry)
        try await fixture.endConnections()
        #expect(try await store.deleteEntry(id: entry.id) == entry)
    }
}

extension PostgresFixture {
    /// Ends all connections of the program under test.
    func endConnections() async throws {
        try await run(
            """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = '\(database)' AND application_name = 'comity'
            """)
    }
}
