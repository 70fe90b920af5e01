// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import FoundationEssentials

/// The table in which servers that share a database tell each other what they have changed.
///
/// A change is in the log if and only if its transaction is committed. A reader asks for what its last reading did not see;
/// the database answers that exactly by its snapshots, in whatever order transactions end.
struct ChangeLog: Sendable {
    static let channel = "comity_changes"
    /// From so many on it is less work to read everything anew.
    private static let maximumChanges = 512

    /// A state of the database as a reader has seen it.
    struct Position: Hashable, Sendable {
        fileprivate var snapshot: String
    }

    /// Tells this server's changes from others'.
    let server = UUID().uuidString.lowercased()

    /// Adds changes to those of the running transaction, and wakes up the other servers when it is committed.
    func append(_ changes: [RegistryChange], in db: any SQLConnection) throws {
        let changes = changes.count > Self.maximumChanges ? [.everything] : changes
        try db.execute(
            """
            INSERT INTO registry_changes (server, change)
            SELECT \(server), g.value FROM \(rows: changes.map(\.text)) AS g
            """)
        try db.forEachRow(of: "SELECT pg_notify(\(Self.channel), \(server))::text") { _ in }
    }

    /// The present state, for a reader that knows everything in it.
    func position(in db: any SQLConnection) throws -> Position {
        guard let snapshot: String = try db.firstValue("SELECT pg_current_snapshot()::text") else {
            throw RegistryError(.internalError, "datastore-sql: database has no snapshot")
        }
        return Position(snapshot: snapshot)
    }

    /// What other servers have changed since.
    func changes(since position: Position, in db: any SQLConnection) throws -> [RegistryChange] {
        let snapshot = position.snapshot
        let rows = try db.rows(
            """
            SELECT DISTINCT change FROM registry_changes
            WHERE transaction >= pg_snapshot_xmin(\(snapshot)::text::pg_snapshot)
                AND NOT pg_visible_in_snapshot(transaction, \(snapshot)::text::pg_snapshot) AND server <> \(server)
            """)
        let changes = try rows.map { RegistryChange(text: try $0[0]) }
        return changes.count > Self.maximumChanges || changes.contains(.everything) ? [.everything] : changes
    }

    /// Forgets what every reader has seen: one that was away for longer reads everything anew.
    func prune(in db: any SQLConnection) throws {
        try db.execute("DELETE FROM registry_changes WHERE made_at < now() - INTERVAL '1 hour'")
    }
}
