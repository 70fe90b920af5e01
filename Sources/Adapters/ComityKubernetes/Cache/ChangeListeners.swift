// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Wakes whoever waits for a change; each has one slot, so that nobody is behind by more than one look.
final class ChangeListeners: Sendable {
    private struct State {
        var sources: [Int: AsyncStream<Void>.Continuation] = [:]
        var next = 0
    }

    private let state = Mutex(State())

    func stream() -> AsyncStream<Void> {
        let (stream, source) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let id = state.withLock { state in
            defer { state.next += 1 }
            state.sources[state.next] = source
            return state.next
        }
        source.onTermination = { [weak self] _ in
            _ = self?.state.withLock { $0.sources.removeValue(forKey: id) }
        }
        source.yield()
        return stream
    }

    func tell() {
        for source in state.withLock({ Array($0.sources.values) }) { source.yield() }
    }
}
