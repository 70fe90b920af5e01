// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import Synchronization

/// Tells every reader what was written, in the order of commits.
final class ChangeFeed: Sendable {
    /// How many changes a reader may be behind before it has to read all anew.
    static let backlog = 1024

    private struct State {
        var nextID = 0
        var readers: [Int: AsyncStream<RegistryChange>.Continuation] = [:]
    }

    private let state = Mutex(State())

    func changes() -> AsyncStream<RegistryChange> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: RegistryChange.self, bufferingPolicy: .bufferingNewest(Self.backlog))
        let id = state.withLock { state in
            state.nextID += 1
            state.readers[state.nextID] = continuation
            return state.nextID
        }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { _ = $0.readers.removeValue(forKey: id) }
        }
        return stream
    }

    func publish(_ changes: [RegistryChange]) {
        let readers = state.withLock { Array($0.readers.values) }
        for reader in readers {
            for change in changes {
                // The oldest change was dropped: the reader learns of it by the last element, which always stays.
                if case .dropped = reader.yield(change) {
                    reader.yield(.everything)
                }
            }
        }
    }

    deinit {
        for reader in state.withLock({ Array($0.readers.values) }) {
            reader.finish()
        }
    }
}
