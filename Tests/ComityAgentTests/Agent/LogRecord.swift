// SPDX-License-Identifier: Apache-2.0

import ComityAgent
import Logging
import Synchronization

/// Keeps what was logged and wakes those who wait for a line.
final class LogRecord: Sendable {
    private struct State {
        var lines: [String] = []
        var hasEnded = false
        var healthPort = 0
        var waiting: [(line: String, CheckedContinuation<Void, Never>)] = []
    }

    struct Ended: Error {}

    private static let serving = "(workloads are answered)"
    private static let servingHealth = "(health is served)"

    private let state = Mutex(State())

    /// Level and message of each line, without metadata.
    var lines: [String] { state.withLock { $0.lines } }

    var handler: any LogHandler { Handler(record: self) }

    /// Forgets what an earlier run logged.
    func begin() {
        state.withLock { state in
            state.lines = []
            state.hasEnded = false
        }
    }

    func note(_ event: AgentEvent) {
        switch event {
        case .servingWorkloads: add(Self.serving)
        case .servingHealth(let port):
            state.withLock { $0.healthPort = port }
            add(Self.servingHealth)
        case .identified, .servingMetrics: break
        }
    }

    /// Where health is served, once it is.
    func healthPort() async throws -> Int {
        try await wait(for: Self.servingHealth)
        return state.withLock { $0.healthPort }
    }

    /// Returns once workloads are answered; throws when the run ends before.
    func waitUntilServing() async throws {
        try await wait(for: Self.serving)
    }

    /// Nothing more will be logged.
    func end() {
        let waiting = state.withLock { state in
            state.hasEnded = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for (_, continuation) in waiting { continuation.resume() }
    }

    /// Returns once a line was logged in this run, be it before or after the call; throws when the run ends without.
    func wait(for line: String) async throws {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.hasEnded || state.lines.contains(where: { $0.hasSuffix(line) }) { return true }
                state.waiting.append((line, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
        guard lines.contains(where: { $0.hasSuffix(line) }) else { throw Ended() }
    }

    private func add(_ line: String) {
        let woken = state.withLock { state in
            state.lines.append(line)
            let woken = state.waiting.filter { line.hasSuffix($0.line) }
            state.waiting.removeAll { line.hasSuffix($0.line) }
            return woken
        }
        for (_, continuation) in woken { continuation.resume() }
    }

    private struct Handler: LogHandler {
        let record: LogRecord
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.debug

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            record.add("\(event.level) \(event.message)")
        }
    }
}
