// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import SPIFFE
import Synchronization

/// Those who wait for a refresh of a trust domain.
final class RefreshWaiters: Sendable {
    private struct Waiter {
        var trustDomain: TrustDomain
        var continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var isClosed = false
        var nextID: UInt64 = 0
        var waiters: [UInt64: Waiter] = [:]
        /// Cancelled before they had begun to wait.
        var cancelled: Set<UInt64> = []
    }

    private let state = Mutex(State())

    /// Waits until the trust domain is refreshed; `ask` asks for that.
    func wait(for trustDomain: TrustDomain, ask: @Sendable () -> Void) async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                if let refusal = add(Waiter(trustDomain: trustDomain, continuation: continuation), id) {
                    continuation.resume(throwing: refusal)
                } else {
                    ask()
                }
            }
        } onCancel: {
            cancel(id)
        }
    }

    func finish(_ trustDomain: TrustDomain, _ outcome: RefreshOutcome) {
        let result: Result<Void, any Error> =
            switch outcome {
            case .refreshed: .success(())
            case .failed(let failure): .failure(failure)
            case .removed: .failure(Self.unknown(trustDomain))
            }
        let waiting = state.withLock { state in
            let ids = state.waiters.filter { $0.value.trustDomain == trustDomain }.map(\.key)
            return ids.compactMap { state.waiters.removeValue(forKey: $0) }
        }
        for waiter in waiting { waiter.continuation.resume(with: result) }
    }

    /// Sends everybody away, now and later.
    func close() {
        let waiting = state.withLock { state in
            state.isClosed = true
            defer { state.waiters = [:] }
            return Array(state.waiters.values)
        }
        for waiter in waiting { waiter.continuation.resume(throwing: Self.closed) }
    }

    private func add(_ waiter: Waiter, _ id: UInt64) -> (any Error)? {
        state.withLock { state -> (any Error)? in
            if state.cancelled.remove(id) != nil { return CancellationError() }
            if state.isClosed { return Self.closed }
            state.waiters[id] = waiter
            return nil
        }
    }

    private func cancel(_ id: UInt64) {
        let waiter = state.withLock { state in
            let waiter = state.waiters.removeValue(forKey: id)
            if waiter == nil { state.cancelled.insert(id) }
            return waiter
        }
        waiter?.continuation.resume(throwing: CancellationError())
    }

    private static func unknown(_ trustDomain: TrustDomain) -> RegistryError {
        RegistryError(.notFound, "no relationship with trust domain \"\(trustDomain)\"")
    }

    private static let closed = RegistryError(.unavailable, "bundle client is shutting down")
}
