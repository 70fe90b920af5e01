// SPDX-License-Identifier: Apache-2.0

import CPostgres
import Dispatch
import Glibc

/// One connection, with a queue of its own to wait on: libpq's calls block.
///
/// Used by one thread at a time: whoever has taken it from the pool, and only on its queue. That makes it Sendable.
final class PostgresConnection: @unchecked Sendable {
    /// More statements than there are shapes of filters.
    private static let maximumStatements = 256
    static let oldestVersion: Int32 = 130_000

    let opened: ContinuousClock.Instant
    private let handle: OpaquePointer
    private let queue: DispatchQueue
    /// Names of prepared statements, by their text; `nil` when a pooler between does not keep them.
    private var statements: [String: String]?
    private var hasMissedDeadline = false

    private init(handle: OpaquePointer, queue: DispatchQueue, preparesStatements: Bool) {
        self.handle = handle
        self.queue = queue
        opened = .now
        // Standard error is the log's; what matters is in the answers.
        PQsetNoticeProcessor(handle, { _, _ in }, nil)
        statements = preparesStatements ? [:] : nil
    }

    deinit {
        PQfinish(handle)
    }

    static func open(_ address: PostgresAddress, preparesStatements: Bool = true) async throws -> PostgresConnection {
        let queue = DispatchQueue(label: "comity.postgres")
        return try await queue.perform {
            let keywords = address.keywords.sorted { $0.key < $1.key }
            let handle = keywords.map(\.key).withCStrings { keys in
                keywords.map(\.value).withCStrings { values in PQconnectdbParams(keys, values, 0) }
            }
            guard let handle else { throw PostgresError(.unavailable, "no memory for a connection") }
            guard PQstatus(handle) == CONNECTION_OK else {
                defer { PQfinish(handle) }
                throw PostgresError(.unavailable, Self.line(PQerrorMessage(handle)))
            }
            return PostgresConnection(handle: handle, queue: queue, preparesStatements: preparesStatements)
        }
    }

    /// Runs blocking work on the connection's own thread.
    func perform<Value: Sendable>(_ work: @Sendable @escaping (PostgresConnection) throws -> Value) async throws
        -> Value
    {
        try await queue.perform { try work(self) }
    }

    /// Whether another transaction may use it.
    var isIdle: Bool {
        !hasMissedDeadline && PQstatus(handle) == CONNECTION_OK && PQtransactionStatus(handle) == PQTRANS_IDLE
    }

    var isLost: Bool {
        hasMissedDeadline || PQstatus(handle) != CONNECTION_OK
    }

    var serverVersion: Int32 { PQserverVersion(handle) }

    // MARK: - Statements

    /// Runs statements without parameters in one round trip.
    func run(script: String, within limit: Duration) throws {
        _ = try answer(PQsendQuery(handle, script), within: limit)
    }

    func run(_ text: String, _ arguments: [SQLDialect.Argument], within limit: Duration) throws -> PostgresResult {
        let name = try statementName(of: text, within: limit)
        let sent = PostgresParameters(arguments).withPointers { count, values, lengths, formats in
            if let name {
                PQsendQueryPrepared(handle, name, count, values, lengths, formats, 1)
            } else {
                PQsendQueryParams(handle, text, count, nil, values, lengths, formats, 1)
            }
        }
        return try answer(sent, within: limit)
    }

    private func statementName(of text: String, within limit: Duration) throws -> String? {
        guard let known = statements else { return nil }
        if let name = known[text] { return name }
        guard known.count < Self.maximumStatements else { return nil }
        let name = "comity_\(known.count)"
        _ = try answer(PQsendPrepare(handle, name, text, 0, nil), within: limit)
        statements?[text] = name
        return name
    }

    /// Waits for the last result of what was sent.
    private func answer(_ sent: Int32, within limit: Duration) throws -> PostgresResult {
        guard sent == 1 else { throw lost() }
        let deadline = ContinuousClock.now.advanced(by: limit)
        var last: Result<PostgresResult, PostgresError>?
        while true {
            while PQisBusy(handle) == 1 {
                try wait(until: deadline)
                guard PQconsumeInput(handle) == 1 else { throw lost() }
            }
            guard let result = PQgetResult(handle) else { break }
            let next = Result { () throws(PostgresError) in try PostgresResult(result) }
            // The first failure of a script says why.
            if case .failure = last { continue }
            last = next
        }
        if PQstatus(handle) != CONNECTION_OK { throw lost() }
        guard let last else { throw lost() }
        return try last.get()
    }

    private func wait(until deadline: ContinuousClock.Instant) throws {
        let left = ContinuousClock.now.duration(to: deadline)
        var descriptor = pollfd(fd: PQsocket(handle), events: Int16(POLLIN), revents: 0)
        guard left > .zero else {
            hasMissedDeadline = true
            throw PostgresError(.lost, "no answer in time")
        }
        // Interrupted or early: the caller looks again.
        _ = poll(&descriptor, 1, Int32(clamping: left / .milliseconds(1) + 1))
    }

    private func lost() -> PostgresError {
        let message = Self.line(PQerrorMessage(handle))
        return PostgresError(.lost, message.isEmpty ? "connection to the server was lost" : message)
    }

    /// The message in one line.
    private static func line(_ message: UnsafePointer<CChar>?) -> String {
        guard let message else { return "" }
        return String(cString: message).split(whereSeparator: \.isNewline).joined(separator: "; ")
    }

    // MARK: - Notifications

    /// Returns when another session has notified, when the wake-up comes, or after the time.
    ///
    /// - Parameter ignored: the payload of notifications that do not count.
    func waitForNotification(ignoring ignored: String, within limit: Duration, wakeUp: WakeUp) throws {
        let deadline = ContinuousClock.now.advanced(by: limit)
        while true {
            guard PQconsumeInput(handle) == 1 else { throw lost() }
            while let notification = PQnotifies(handle) {
                defer { PQfreemem(notification) }
                if String(cString: notification.pointee.extra) != ignored { return }
            }
            let left = ContinuousClock.now.duration(to: deadline)
            guard left > .zero, !wakeUp.isRung else { return }
            var descriptors = [
                pollfd(fd: PQsocket(handle), events: Int16(POLLIN), revents: 0),
                pollfd(fd: wakeUp.descriptor, events: Int16(POLLIN), revents: 0),
            ]
            _ = poll(&descriptors, 2, Int32(clamping: left / .milliseconds(1) + 1))
        }
    }
}

extension DispatchQueue {
    fileprivate func perform<Value: Sendable>(_ work: @Sendable @escaping () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            async { continuation.resume(with: Result(catching: work)) }
        }
    }
}

extension Duration {
    fileprivate static func / (left: Duration, right: Duration) -> Int64 {
        Int64(left / right as Double)
    }
}

extension [String] {
    /// Calls with the texts as C has them, ended by a null.
    fileprivate func withCStrings<Value>(_ body: ([UnsafePointer<CChar>?]) -> Value) -> Value {
        let copies = map { strdup($0) }
        defer { copies.forEach { free($0) } }
        return body(copies.map { UnsafePointer($0) } + [nil])
    }
}
