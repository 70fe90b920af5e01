// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import NIOCore
import Synchronization

/// The result of one exchange, settled once by whoever is first: the answer, an error, the deadline, or cancellation.
final class ExchangeOutcome: Sendable {
    private struct State {
        var isSettled = false
        var channel: (any Channel)?
    }

    private let state = Mutex(State())
    private let promise: EventLoopPromise<EndpointAnswer>

    init(eventLoop: any EventLoop) {
        promise = eventLoop.makePromise()
    }

    func response() async throws -> EndpointAnswer {
        try await promise.futureResult.get()
    }

    func settle(_ result: Result<EndpointAnswer, FederationFailure>) {
        finish(result.mapError { $0 })
    }

    func cancel() {
        finish(.failure(CancellationError()))
    }

    /// Ties the connection to the outcome; closes it at once when that is settled.
    ///
    /// - Returns: whether there is anything left to do.
    func opened(_ channel: any Channel) -> Bool {
        let isSettled = state.withLock { state in
            state.channel = channel
            return state.isSettled
        }
        if isSettled { channel.close(promise: nil) }
        return !isSettled
    }

    private func finish(_ result: Result<EndpointAnswer, any Error>) {
        let first: (channel: (any Channel)?, Void)? = state.withLock { state in
            guard !state.isSettled else { return nil }
            state.isSettled = true
            return (state.channel, ())
        }
        guard let first else { return }
        promise.completeWith(result)
        first.channel?.close(promise: nil)
    }
}
