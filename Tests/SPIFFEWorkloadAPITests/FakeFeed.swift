// SPDX-License-Identifier: Apache-2.0

import GRPCCore
import Synchronization

/// What one method of the ``FakeWorkloadAPI`` answers, now and later, right or wrong.
final class FakeFeed<Message: Sendable>: Sendable {
    private enum Event {
        case message(Message)
        case end(RPCError?)
    }

    private struct State {
        var answer: Result<Message, RPCError>?
        var open: [Int: AsyncStream<Event>.Continuation] = [:]
        var next = 0
        var isClosed = false
    }

    private let state = Mutex(State())

    /// Goes to every open stream and is the first message of each new one.
    func send(_ message: Message) {
        change(.success(message)) { $0.yield(.message(message)) }
    }

    /// Ends every open stream so and answers each new call so, until something is sent.
    func refuse(_ code: RPCError.Code, _ message: String = "told to") {
        let error = RPCError(code: code, message: message)
        change(.failure(error)) { $0.yield(.end(error)) }
    }

    /// Ends every open stream; new calls are answered as before.
    func drop(_ error: RPCError? = nil) {
        state.withLock { state in
            for stream in state.open.values { stream.yield(.end(error)) }
        }
    }

    /// Ends every open stream and lets no new one stay, so that the server can stop without being torn down.
    func close() {
        state.withLock { state in
            state.isClosed = true
            for stream in state.open.values { stream.yield(.end(nil)) }
        }
    }

    func reopen() {
        state.withLock { $0.isClosed = false }
    }

    /// The answer to a call that is no stream.
    var answer: Message {
        get throws {
            guard let answer = state.withLock({ $0.answer }) else {
                throw RPCError(code: .unavailable, message: "nothing was set up")
            }
            return try answer.get()
        }
    }

    /// Serves one call until it is ended by either side.
    func serve(_ response: RPCWriter<Message>) async throws {
        let (events, continuation) = AsyncStream<Event>.makeStream()
        let id = state.withLock { state in
            switch state.isClosed ? .failure(RPCError(code: .unavailable, message: "stopping")) : state.answer {
            case .success(let message)?: continuation.yield(.message(message))
            case .failure(let error)?: continuation.yield(.end(error))
            case nil: break
            }
            state.next += 1
            state.open[state.next] = continuation
            return state.next
        }
        defer { state.withLock { $0.open[id] = nil } }
        try await withRPCCancellationHandler {
            for await event in events {
                switch event {
                case .message(let message): try await response.write(message)
                case .end(let error?): throw error
                case .end(nil): return
                }
            }
        } onCancelRPC: {
            continuation.finish()
        }
    }

    private func change(_ answer: Result<Message, RPCError>, tell: (AsyncStream<Event>.Continuation) -> Void) {
        state.withLock { state in
            state.answer = answer
            for stream in state.open.values { tell(stream) }
        }
    }
}
