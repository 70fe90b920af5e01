// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Wakes one waiting task when something happens, or when it has waited long enough. A ring that nobody waits for is
/// kept for the next wait; several count as one.
package final class Alarm: Sendable {
    private enum State {
        case idle
        case rung
        case awaited(CheckedContinuation<Void, Never>)
    }

    private let state = Mutex(State.idle)

    package init() {}

    package func ring() {
        let waiting: CheckedContinuation<Void, Never>? = state.withLock { state in
            guard case .awaited(let continuation) = state else {
                state = .rung
                return nil
            }
            state = .idle
            return continuation
        }
        waiting?.resume()
    }

    /// Only one task may wait at a time.
    ///
    /// - Parameter timeout: `nil` waits for a ring only.
    package func wait(atMost timeout: Duration?) async throws {
        await withTaskGroup { group in
            if let timeout {
                group.addTask { [self] in
                    guard (try? await Task.sleep(for: timeout)) != nil else { return }
                    ring()
                }
            }
            await waitForRing()
            group.cancelAll()
        }
        try Task.checkCancellation()
    }

    private func waitForRing() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let hasRung = state.withLock { state in
                    if case .rung = state {
                        state = .idle
                        return true
                    }
                    state = .awaited(continuation)
                    return false
                }
                if hasRung { continuation.resume() }
            }
        } onCancel: {
            ring()
        }
    }
}
