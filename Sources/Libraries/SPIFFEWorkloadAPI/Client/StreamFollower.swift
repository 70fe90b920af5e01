// SPDX-License-Identifier: Apache-2.0

import Logging
import SPIFFE
import Synchronization

/// Keeps one stream open: opens it again by the ``StreamRule`` and hands on every state that comes.
final class StreamFollower<State: Sendable>: Sendable {
    private let stream: WorkloadStream<State>
    private let client: WorkloadAPIClient
    private let rule: Mutex<StreamRule>

    /// Hears of everything that went wrong, so that who waits can be told why.
    private let complain: @Sendable (WorkloadAPIError) -> Void

    init(
        stream: WorkloadStream<State>, client: WorkloadAPIClient,
        complain: @escaping @Sendable (WorkloadAPIError) -> Void = { _ in }
    ) {
        self.stream = stream
        self.client = client
        self.complain = complain
        rule = Mutex(StreamRule(backoff: client.backoff))
    }

    /// Returns only by an error: ``WorkloadAPIError`` when repeating is no use, or cancellation.
    func follow(_ calls: WorkloadAPICalls, deliver: @escaping @Sendable (State) -> Void) async throws {
        while true {
            var failure: WorkloadAPIError?
            do {
                try await stream.open(calls) { self.receive($0, deliver) }
            } catch {
                try Task.checkCancellation()
                failure = WorkloadAPIError(describing: error, at: client.address)
            }
            try Task.checkCancellation()
            let failed =
                failure ?? WorkloadAPIError(.unavailable, "agent at \(client.address) closed the stream")
            complain(failed)
            guard case .reopen(let wait, let dropsMaterial) = rule.withLock({ $0.streamEnded(failure?.code) }) else {
                throw failed
            }
            if dropsMaterial { deliver(stream.empty) }
            client.logger.info(
                "Workload API stream ended, opening it again",
                metadata: ["method": "\(stream.name)", "error": "\(failed)", "retry_in": "\(wait)"])
            try await Task.sleep(for: wait)
        }
    }

    private func receive(_ message: Result<State, SPIFFEError>, _ deliver: (State) -> Void) {
        rule.withLock { $0.messageReceived() }
        switch message {
        case .success(let state): deliver(state)
        case .failure(let error):
            // The state before stays (Workload API §4.5).
            let discarded = WorkloadAPIError(.malformedAnswer, "\(stream.name) answer discarded", cause: error)
            client.logger.info("Workload API answer discarded", metadata: ["error": "\(discarded)"])
            complain(discarded)
        }
    }
}
