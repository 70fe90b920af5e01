// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The connections to one database: opened when needed, used by one transaction at a time, no more than allowed.
final class PostgresPool: Sendable {
    /// As in SPIRE.
    private static let idleLimit = Duration.seconds(30)
    private static let waitLimit = Duration.seconds(10)

    private struct State {
        /// The one used last stands last.
        var idle: [(connection: PostgresConnection, since: ContinuousClock.Instant)] = []
        /// Those in use and being opened too.
        var count = 0
        var waiting: [UInt64: CheckedContinuation<Grant, any Error>] = [:]
        var lastTicket: UInt64 = 0
        var preparesStatements = true
    }

    private enum Grant: Sendable {
        case use(PostgresConnection)
        /// There is room for one more.
        case open
    }

    let address: PostgresAddress
    private let settings: PostgresSettings
    private let timing: StorageTiming
    private let state = Mutex(State())

    init(address: PostgresAddress, settings: PostgresSettings, timing: StorageTiming) {
        self.address = address
        self.settings = settings
        self.timing = timing
    }

    /// Runs work on a connection that nobody else uses meanwhile.
    func perform<Value: Sendable>(
        _ work: @Sendable @escaping (PostgresConnection) throws -> Value
    ) async throws -> Value {
        let connection = try await take()
        do {
            let value = try await connection.perform(work)
            giveBack(connection)
            return value
        } catch {
            giveBack(connection, after: (error as? PostgresError)?.kind)
            throw error
        }
    }

    // MARK: - Taking

    private func take() async throws -> PostgresConnection {
        let grant: Grant
        if let now = state.withLock({ findGrant(in: &$0) }) {
            grant = now
        } else {
            grant = try await wait()
        }
        switch grant {
        case .use(let connection): return connection
        case .open: return try await open()
        }
    }

    private func open() async throws -> PostgresConnection {
        do {
            let prepares = state.withLock { $0.preparesStatements }
            return try await PostgresConnection.open(address, preparesStatements: prepares)
        } catch {
            // The others would fare no better.
            let waiting = state.withLock { state in
                state.count -= 1
                defer { state.waiting = [:] }
                return Array(state.waiting.values)
            }
            for continuation in waiting { continuation.resume(throwing: error) }
            throw error
        }
    }

    private func findGrant(in state: inout State) -> Grant? {
        while let (connection, since) = state.idle.popLast() {
            guard isWorthKeeping(connection), since.duration(to: .now) < Self.idleLimit else {
                state.count -= 1
                continue
            }
            return .use(connection)
        }
        guard state.count < settings.maximumConnections else { return nil }
        state.count += 1
        return .open
    }

    private func wait() async throws -> Grant {
        let ticket = state.withLock { state in
            state.lastTicket += 1
            return state.lastTicket
        }
        return try await withThrowingTaskGroup(of: Grant?.self) { group in
            group.addTask { try await self.granted(ticket) }
            group.addTask {
                try? await self.timing.sleep(Self.waitLimit)
                self.giveUp(ticket, PostgresError(.unavailable, "all connections are in use; raise max_open_conns"))
                return nil
            }
            defer { group.cancelAll() }
            // A grant is never lost: only the first child has one, and it always answers.
            while let answer = try await group.next() {
                if let grant = answer { return grant }
            }
            throw CancellationError()
        }
    }

    private func granted(_ ticket: UInt64) async throws -> Grant {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let answer: Result<Grant, any Error>? = state.withLock { state in
                    // Asked with the lock held, so that a cancellation after this finds the continuation.
                    guard !Task.isCancelled else { return .failure(CancellationError()) }
                    if let grant = findGrant(in: &state) { return .success(grant) }
                    state.waiting[ticket] = continuation
                    return nil
                }
                if let answer { continuation.resume(with: answer) }
            }
        } onCancel: {
            giveUp(ticket, CancellationError())
        }
    }

    private func giveUp(_ ticket: UInt64, _ error: any Error) {
        let waiting = state.withLock { $0.waiting.removeValue(forKey: ticket) }
        waiting?.resume(throwing: error)
    }

    // MARK: - Giving back

    private func giveBack(_ connection: PostgresConnection, after failure: PostgresError.Kind? = nil) {
        let keeps = isWorthKeeping(connection) && failure != .stalePlan && failure != .lostStatement
        let isLost = connection.isLost
        let next: (waiting: CheckedContinuation<Grant, any Error>, grant: Grant)? = state.withLock { state in
            if failure == .lostStatement { state.preparesStatements = false }
            if isLost || failure == .lostStatement {
                // Those that were open at the same time are no better.
                state.count -= state.idle.count
                state.idle = []
            }
            if let ticket = state.waiting.keys.min(), let waiting = state.waiting.removeValue(forKey: ticket) {
                return (waiting, keeps ? .use(connection) : .open)
            }
            if keeps, state.idle.count < settings.maximumIdleConnections {
                state.idle.append((connection, .now))
            } else {
                state.count -= 1
            }
            return nil
        }
        if let next { next.waiting.resume(returning: next.grant) }
    }

    private func isWorthKeeping(_ connection: PostgresConnection) -> Bool {
        connection.isIdle && settings.connectionLifetime.map { connection.opened.duration(to: .now) < $0 } ?? true
    }
}
