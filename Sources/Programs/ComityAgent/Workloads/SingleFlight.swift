// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Lets callers that want the same thing at the same time share one piece of work.
///
/// A caller that is cancelled leaves the others to it; the last one that leaves calls the work off.
package final class SingleFlight<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Flight {
        var work: Task<Void, Never>
        var seats: [ObjectIdentifier: Seat<Value>] = [:]
    }

    private let flights = Mutex<[Key: Flight]>([:])

    package init() {}

    /// How many callers wait for this.
    package func callerCount(_ key: Key) -> Int {
        flights.withLock { $0[key]?.seats.count ?? 0 }
    }

    /// Joins the work for this key, or begins it.
    package func value(
        for key: Key, _ work: @Sendable @escaping () async throws -> Value
    ) async throws -> Value {
        let seat = Seat<Value>()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                if seat.take(continuation) { board(seat, key, work) }
            }
        } onCancel: {
            if seat.leave() { left(seat, key) }
        }
    }

    private func board(_ seat: Seat<Value>, _ key: Key, _ work: @Sendable @escaping () async throws -> Value) {
        flights.withLock { flights in
            // The callers wait for it: it ends by telling them, or is cancelled when the last of them leaves.
            let flight = flights[key] ?? Flight(work: Task { await self.fly(key, work) })
            flights[key] = flight
            flights[key]?.seats[ObjectIdentifier(seat)] = seat
        }
        // Cancelled between taking the seat and boarding.
        if seat.isEmpty { left(seat, key) }
    }

    private func fly(_ key: Key, _ work: () async throws -> Value) async {
        let result: Result<Value, any Error>
        do {
            result = .success(try await work())
        } catch {
            result = .failure(error)
        }
        // A flight that was called off has nobody left, and may have a successor already.
        guard !Task.isCancelled, let flight = flights.withLock({ $0.removeValue(forKey: key) }) else { return }
        for seat in flight.seats.values { seat.arrive(result) }
    }

    private func left(_ seat: Seat<Value>, _ key: Key) {
        flights.withLock { flights in
            guard flights[key]?.seats.removeValue(forKey: ObjectIdentifier(seat)) != nil,
                let flight = flights[key], flight.seats.isEmpty
            else { return }
            flights[key] = nil
            // Within the lock, so that a flight that is still listed was not called off.
            flight.work.cancel()
        }
    }
}

/// One caller's place in a flight.
private final class Seat<Value: Sendable>: Sendable {
    private enum State {
        case free
        case taken(CheckedContinuation<Value, any Error>)
        case empty
    }

    private let state = Mutex(State.free)

    var isEmpty: Bool {
        state.withLock { if case .empty = $0 { true } else { false } }
    }

    /// - Returns: `false` when the caller had left before.
    func take(_ continuation: CheckedContinuation<Value, any Error>) -> Bool {
        let hasLeft = state.withLock { state in
            if case .empty = state { return true }
            state = .taken(continuation)
            return false
        }
        if hasLeft { continuation.resume(throwing: CancellationError()) }
        return !hasLeft
    }

    /// - Returns: whether the caller was waiting.
    func leave() -> Bool {
        let continuation = vacate()
        continuation?.resume(throwing: CancellationError())
        return continuation != nil
    }

    func arrive(_ result: Result<Value, any Error>) {
        vacate()?.resume(with: result)
    }

    private func vacate() -> CheckedContinuation<Value, any Error>? {
        state.withLock { state in
            defer { state = .empty }
            guard case .taken(let continuation) = state else { return nil }
            return continuation
        }
    }
}
