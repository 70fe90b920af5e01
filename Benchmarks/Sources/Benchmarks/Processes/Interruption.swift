// SPDX-License-Identifier: Apache-2.0

import UnixSignals

/// Runs work that must end what it has started, whatever ends it.
enum Interruption {
    /// Cancels `body` at a signal and when it takes too long, and waits for its end.
    static func guarding(atMost limit: Duration, _ body: @escaping @Sendable () async throws -> Void) async throws {
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await body() }
            group.addTask {
                try await Task.sleep(for: limit)
                throw BenchmarkError("not done within \(limit)")
            }
            group.addTask {
                for await signal in signals { throw BenchmarkError("stopped by \(signal)") }
            }
            try await group.next()
        }
    }
}
