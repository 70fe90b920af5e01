// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Many workloads with an open stream each.
final class StreamHerd: Sendable {
    /// Connections that are opened at one time.
    private static let wave = 200

    /// One for each stream if the agent, which needs two descriptors for each, may have so many.
    let connections: Int
    private let domain: Domain
    private let streams: Int
    private let received = Atomic(0)

    init(domain: Domain, streams: Int) {
        self.domain = domain
        self.streams = streams
        connections = min(streams, (OpenFiles.limit - 256) / 2)
    }

    /// Opens all streams, and closes them when `body` has ended.
    func whileOpen<Result: Sendable>(_ body: @Sendable @escaping () async throws -> Result) async throws -> Result {
        try await withThrowingTaskGroup(of: Result?.self) { group in
            defer { group.cancelAll() }
            var opened = 0
            for connection in 0..<connections {
                let count = streams * (connection + 1) / connections - streams * connection / connections
                group.addTask {
                    try await self.open(count)
                    throw BenchmarkError("the agent ended a stream")
                }
                opened += count
                if connection % Self.wave == Self.wave - 1 { try await awaitMessages(opened) }
            }
            try await awaitMessages(streams)
            group.addTask { try await body() }
            for try await result in group {
                if let result { return result }
            }
            throw CancellationError()
        }
    }

    /// Waits until all streams together have had so many messages.
    func awaitMessages(_ count: Int) async throws {
        let deadline = ContinuousClock.now + .seconds(120)
        while received.load(ordering: .relaxed) < count {
            guard ContinuousClock.now < deadline else {
                throw BenchmarkError("\(received.load(ordering: .relaxed)) of \(count) messages came in two minutes")
            }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    /// - Parameter count: Streams on one connection.
    private func open(_ count: Int) async throws {
        try await WorkloadClient.with(domain) { workload in
            try await withThrowingTaskGroup { group in
                for _ in 0..<count {
                    group.addTask {
                        try await workload.followX509SVIDs { self.received.add(1, ordering: .relaxed) }
                    }
                }
                try await group.waitForAll()
            }
        }
    }
}
