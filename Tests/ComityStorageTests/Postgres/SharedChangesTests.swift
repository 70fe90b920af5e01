// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityStorage
import ComityTesting
import SPIFFE
import Testing

/// What one server of a trust domain learns of another's changes.
@Suite(.timeLimit(.minutes(2))) struct SharedChangesTests {
    @Test func aChangeReachesTheOtherServerAtOnce() async throws {
        let fixture = try await PostgresFixture()
        // Polls in an hour: only a notification can be in time.
        let (writer, reader) = (try await fixture.open(), try await fixture.open())
        let other = try TrustDomain("other.test")
        try await following(reader) { changes in
            let entry = try await writer.create(try .fixture())
            #expect(await changes.next() == .entry(id: entry.id))
            let node = try AttestedNode.fixture()
            try await writer.putNode(node)
            #expect(await changes.next() == .node(node.id))
            try await writer.setBundle(BundleRecord(SPIFFEBundle(trustDomain: other)))
            #expect(await changes.next() == .bundle(other))
            let relationship = FederationRelationship(
                trustDomain: other, bundleEndpointURL: "https://other.test", profile: .httpsWeb)
            try await writer.createRelationship(relationship, bundle: nil)
            #expect(await changes.next() == .relationship(other))
        }
    }

    @Test func tellsOwnChangesOnce() async throws {
        let fixture = try await PostgresFixture()
        let (writer, reader) = (try await fixture.open(), try await fixture.open())
        try await following(reader) { changes in
            let own = try await reader.create(try .fixture("/own"))
            #expect(await changes.next() == .entry(id: own.id))
            let theirs = try await writer.create(try .fixture("/theirs"))
            #expect(await changes.next() == .entry(id: theirs.id))
        }
    }

    @Test func aChangeWhoseNotificationWasLostIsFoundByPolling() async throws {
        let fixture = try await PostgresFixture()
        let reader = try await fixture.open(pollInterval: .milliseconds(20))
        try await following(reader) { changes in
            for id in ["a", "b"] {
                // As a transaction pooler leaves it: written, but nobody was told.
                try await fixture.run(
                    "INSERT INTO registry_changes (server, change) VALUES ('another', 'entry:\(id)')")
                #expect(await changes.next() == .entry(id: id))
            }
        }
    }

    @Test func aTransactionThatEndsLaterThanOneBegunAfterItIsNotMissed() async throws {
        let fixture = try await PostgresFixture()
        let (first, reader) = (try await fixture.open(), try await fixture.open(pollInterval: .milliseconds(20)))
        try await following(reader) { changes in
            try await fixture.run("CREATE TABLE gate ()")
            // Begins first, is committed last.
            async let slow: String = fixture.run(
                """
                BEGIN; INSERT INTO registry_changes (server, change) VALUES ('another', 'entry:slow');
                \(Self.wait(for: "SELECT FROM gate")); COMMIT
                """)
            try await fixture.run(
                Self.wait(
                    for: """
                        SELECT FROM pg_stat_activity
                        WHERE datname = current_database() AND application_name = 'psql' AND backend_xid IS NOT NULL
                        """))
            let quick = try await first.create(try .fixture())
            #expect(await changes.next() == .entry(id: quick.id))
            try await fixture.run("INSERT INTO gate DEFAULT VALUES")
            #expect(await changes.next() == .entry(id: "slow"))
            _ = try await slow
        }
    }

    /// SQL that waits until a query has a row.
    private static func wait(for query: String) -> String {
        """
        DO $$ BEGIN
            WHILE NOT EXISTS (\(query)) LOOP PERFORM pg_sleep(0.01), pg_stat_clear_snapshot(); END LOOP;
        END $$
        """
    }

    @Test func readsAllAnewAfterItWasCutOff() async throws {
        let fixture = try await PostgresFixture()
        let (writer, reader) = (try await fixture.open(), try await fixture.open())
        try await following(reader) { changes in
            let before = try await writer.create(try .fixture("/before"))
            #expect(await changes.next() == .entry(id: before.id))
            try await fixture.endConnections()
            #expect(await changes.next() == .everything)
            let after = try await writer.create(try .fixture("/after"))
            #expect(await changes.next() == .entry(id: after.id))
        }
    }

    @Test(arguments: ["flag:x", "entry", "node:no ID", "bundle:"])
    func whatCannotBeReadStandsForEverything(_ text: String) async throws {
        let fixture = try await PostgresFixture()
        let reader = try await fixture.open(pollInterval: .milliseconds(20))
        try await following(reader) { changes in
            try await fixture.run("INSERT INTO registry_changes (server, change) VALUES ('another', '\(text)')")
            #expect(await changes.next() == .everything)
        }
    }

    private func following(
        _ store: SQLStore, _ body: (AsyncStream<RegistryChange>) async throws -> Void
    ) async throws {
        let changes = store.changes()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await store.followOthers() }
            try await body(changes)
            group.cancelAll()
        }
    }
}

extension AsyncStream where Element: Sendable {
    fileprivate func next() async -> Element? {
        await first { _ in true }
    }
}
