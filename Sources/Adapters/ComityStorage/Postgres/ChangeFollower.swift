// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import Logging

/// Tells what other servers change in a shared database: at once when it is notified, else within the poll interval.
struct ChangeFollower: Sendable {
    private static let reconnectPause = Duration.seconds(1)
    private static let pruningInterval = Duration.seconds(600)
    private static let limit = Duration.seconds(30)

    let database: PostgresDatabase
    let log: ChangeLog
    /// What is known already.
    let start: ChangeLog.Position
    let timing: StorageTiming
    let logger: Logger

    /// Follows until cancelled.
    func run(_ tell: @Sendable @escaping ([RegistryChange]) -> Void) async {
        let wakeUp = WakeUp()
        await withTaskCancellationHandler {
            await withDiscardingTaskGroup { group in
                group.addTask { await prune() }
                await follow(wakeUp, tell)
                group.cancelAll()
            }
        } onCancel: {
            wakeUp.ring()
        }
    }

    private func follow(_ wakeUp: WakeUp, _ tell: @Sendable @escaping ([RegistryChange]) -> Void) async {
        var position: ChangeLog.Position? = start
        while !Task.isCancelled {
            do {
                let connection = try await PostgresConnection.open(database.pool.address, preparesStatements: false)
                try await listen(connection)
                if position == nil { logger.info("Following changes of other servers again") }
                var known = position
                // What happened meanwhile is told as a whole from now on, whatever became of the database.
                position = nil
                while !Task.isCancelled {
                    known = try await catchUp(from: known, on: connection, tell)
                    try await connection.perform {
                        try $0.waitForNotification(
                            ignoring: log.server, within: timing.pollInterval, wakeUp: wakeUp)
                    }
                }
            } catch {
                guard !Task.isCancelled else { return }
                position = nil
                let reason = (error as? PostgresError)?.message ?? "\(error)"
                logger.warning(
                    "Failed to follow changes of other servers; serving what is known", metadata: ["error": "\(reason)"]
                )
                try? await timing.sleep(Self.reconnectPause)
            }
        }
    }

    private func listen(_ connection: PostgresConnection) async throws {
        try await connection.perform { try $0.run(script: "LISTEN \(ChangeLog.channel)", within: Self.limit) }
    }

    private func catchUp(
        from known: ChangeLog.Position?, on connection: PostgresConnection,
        _ tell: @Sendable ([RegistryChange]) -> Void
    ) async throws -> ChangeLog.Position {
        let (changes, position) = try await connection.perform { connection in
            try PostgresTransaction.run(.reading, on: connection) { db in
                (try known.map { try log.changes(since: $0, in: db) } ?? [.everything], try log.position(in: db))
            }
        }
        if !changes.isEmpty { tell(changes) }
        return position
    }

    private func prune() async {
        while (try? await timing.sleep(Self.pruningInterval)) != nil {
            // The next one may succeed; the log only grows a little until then.
            try? await database.write { [log] in try log.prune(in: $0) }
        }
    }
}
