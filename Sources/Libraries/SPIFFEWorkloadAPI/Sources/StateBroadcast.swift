// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Holds the newest state, hands it to whoever asks, and tells everybody who listens of the next one.
final class StateBroadcast<State: Sendable>: Sendable {
    private typealias Listener = AsyncThrowingStream<State, any Error>.Continuation

    private struct Content {
        var state: State?
        var complaint: WorkloadAPIError?
        var end: Result<Void, any Error>?
        var listeners: [UInt64: Listener] = [:]
        var nextListener: UInt64 = 0
    }

    private let content = Mutex(Content())

    var state: State? {
        content.withLock { $0.state }
    }

    /// What went wrong last, unless a state came after it.
    var complaint: WorkloadAPIError? {
        content.withLock { $0.complaint }
    }

    func publish(_ state: State) {
        content.withLock { content in
            content.state = state
            content.complaint = nil
            for listener in content.listeners.values { listener.yield(state) }
        }
    }

    func complain(_ error: WorkloadAPIError) {
        content.withLock { $0.complaint = error }
    }

    func begin() {
        content.withLock { $0.end = nil }
    }

    func end(_ result: Result<Void, any Error>) {
        let listeners = content.withLock { content in
            content.end = result
            defer { content.listeners = [:] }
            return content.listeners.values
        }
        for listener in listeners { Self.finish(listener, result) }
    }

    /// The present state first, if there is one.
    var updates: StateUpdates<State> {
        StateUpdates { self.listen() }
    }

    /// Waits for a state that meets a condition; the present one may.
    func first(where isWanted: (State) -> Bool) async throws -> State {
        for try await state in updates where isWanted(state) { return state }
        throw complaint ?? WorkloadAPIError(.notReady, "source ended before it was ready")
    }

    private func listen() -> AsyncThrowingStream<State, any Error> {
        let (stream, listener) = AsyncThrowingStream<State, any Error>.makeStream(
            bufferingPolicy: .bufferingNewest(1))
        let (id, end) = content.withLock { content in
            if let state = content.state { listener.yield(state) }
            let id = content.nextListener
            content.nextListener += 1
            if content.end == nil { content.listeners[id] = listener }
            return (id, content.end)
        }
        if let end { Self.finish(listener, end) }
        // Set after the lock was given back, because it may run at once.
        listener.onTermination = { [weak self] _ in self?.forget(id) }
        return stream
    }

    private func forget(_ id: UInt64) {
        let listener = content.withLock { $0.listeners.removeValue(forKey: id) }
        // Released out of the lock.
        _ = listener
    }

    private static func finish(_ listener: Listener, _ result: Result<Void, any Error>) {
        switch result {
        case .success: listener.finish()
        case .failure(let error): listener.finish(throwing: error)
        }
    }
}
