// SPDX-License-Identifier: Apache-2.0

import GRPCCore
import GRPCNIOTransportHTTP2Posix
import WorkloadAPIProtos

extension WorkloadAPIClient {
    /// Keeps a connection for as long as `body` runs.
    func withCalls<Result: Sendable>(
        _ body: (WorkloadAPICalls) async throws -> Result
    ) async throws -> Result {
        do {
            return try await withGRPCClient(transport: try makeTransport()) { client in
                try await body(WorkloadAPICalls(client: client, timeout: callTimeout))
            }
        } catch {
            throw WorkloadAPIError(describing: error, at: address)
        }
    }

    /// Opens a stream, takes its first message and closes it.
    func first<State>(of stream: WorkloadStream<State>) async throws -> State {
        try await withCalls { calls in
            let (messages, continuation) = AsyncThrowingStream<State, any Error>.makeStream()
            return try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    do {
                        try await stream.open(calls) { continuation.yield(with: $0.mapError { $0 as any Error }) }
                        continuation.finish()
                    } catch {
                        continuation.finish(throwing: error)
                    }
                }
                group.addTask {
                    try await Task.sleep(for: callTimeout)
                    continuation.finish(
                        throwing: WorkloadAPIError(.unavailable, "no answer within \(callTimeout)"))
                }
                defer { group.cancelAll() }
                for try await state in messages { return state }
                throw WorkloadAPIError(.unavailable, "stream ended before its first message")
            }
        }
    }

    /// Follows a stream over reconnects, for as long as somebody iterates.
    func states<State>(of stream: WorkloadStream<State>) -> StateUpdates<State> {
        StateUpdates {
            AsyncThrowingStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
                // Ended by the end of the iteration, which is also whom it works for.
                let task = Task {
                    do {
                        try await withCalls { calls in
                            try await StreamFollower(stream: stream, client: self)
                                .follow(calls) { continuation.yield($0) }
                        }
                    } catch {
                        continuation.finish(throwing: error)
                    }
                }
                continuation.onTermination = { _ in task.cancel() }
            }
        }
    }

    private func makeTransport() throws -> HTTP2ClientTransport.Posix {
        try HTTP2ClientTransport.Posix(
            target: target, transportSecurity: .plaintext,
            config: .defaults { config in
                // How often to try is decided by who calls; this only must not be slower.
                config.backoff = .init(initial: .milliseconds(50), max: .milliseconds(500), multiplier: 2, jitter: 0.2)
                config.connection.flushCoalescing = nil
                config.http2.authority = "localhost"
            })
    }

    private var target: any ResolvableTarget {
        switch address.endpoint {
        case .unix(let path): .unixDomainSocket(path: path)
        case .tcp(let host, let port, isIPv6: false): .ipv4(address: host, port: port)
        case .tcp(let host, let port, isIPv6: true): .ipv6(address: host, port: port)
        }
    }
}
