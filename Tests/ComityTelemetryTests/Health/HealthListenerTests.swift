// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import ComityTelemetry
import ComityTesting
import NIOCore
import NIOHTTP1
import Synchronization
import Testing

@Suite struct HealthListenerTests {
    /// Says what the test tells it to, and to whom it may concern that it was asked.
    private final class Part: Sendable {
        let status = Mutex(HealthStatus.healthy)
        let asked: AsyncStream<Void>
        private let continuation: AsyncStream<Void>.Continuation

        init() {
            (asked, continuation) = AsyncStream.makeStream()
        }

        var check: HealthCheck {
            HealthCheck("server") {
                defer { self.continuation.yield() }
                return self.status.withLock { $0 }
            }
        }
    }

    /// Time between checks passes at once; that of a check which hangs does not.
    @Sendable private static func shortened(_ seconds: Double) async throws {
        try await Task.sleep(for: seconds == HealthChecks.longestRun ? .seconds(seconds) : .milliseconds(1))
    }

    private struct Answer: Equatable {
        var status: UInt
        var body: String
        var type: String?
    }

    private func get(_ port: Int, _ path: String) async throws -> Answer {
        let response = try await HTTPClient.shared.execute(
            HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)"), timeout: .seconds(10))
        let body = try await response.body.collect(upTo: 1 << 16)
        return Answer(
            status: response.status.code, body: String(buffer: body), type: response.headers.first(name: "content-type")
        )
    }

    private func serving(
        _ settings: HealthListenerSettings, _ state: HealthState, log: RecordedLog = RecordedLog(),
        _ body: @escaping @Sendable (Int) async throws -> Void
    ) async throws {
        let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
        let listener = HealthListener(
            settings, state: state, logger: log.logger(), onServing: { port in continuation.yield(port) })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await listener.run() }
            for await port in ports {
                try await body(port)
                break
            }
            group.cancelAll()
        }
    }

    @Test func answersByTheStateOfTheChecks() async throws {
        let part = Part()
        let checks = HealthChecks([part.check], logger: RecordedLog().logger(), sleep: Self.shortened)
        try await serving(HealthListenerSettings(port: 0), checks.state) { port in
            #expect(
                try await get(port, "/live")
                    == Answer(status: 500, body: "{\"server\":null}\n", type: "application/json"))
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await checks.run() }
                var asked = part.asked.makeAsyncIterator()
                for _ in 0..<2 { await asked.next() }
                #expect(
                    try await get(port, "/live")
                        == Answer(status: 200, body: "{\"server\":{}}\n", type: "application/json"))
                #expect(try await get(port, "/ready").status == 200)
                #expect(try await get(port, "/other").status == 404)

                part.status.withLock {
                    $0 = HealthStatus(isLive: true, isReady: false, details: ["get_bundle_err": "no \"store\""])
                }
                while try await get(port, "/ready").status == 200 { await asked.next() }
                let body = "{\"server\":{\"get_bundle_err\":\"no \\\"store\\\"\"}}\n"
                #expect(try await get(port, "/ready") == Answer(status: 500, body: body, type: "application/json"))
                #expect(try await get(port, "/live").status == 200)
                group.cancelAll()
            }
        }
    }

    @Test func servesThePathsItIsTold() async throws {
        let state = HealthState(checks: [])
        let log = RecordedLog()
        let settings = HealthListenerSettings(port: 0, livePath: "/alive", readyPath: "/able")
        try await serving(settings, state, log: log) { port in
            let alive = try await get(port, "/alive")
            #expect(alive == Answer(status: 200, body: "{}\n", type: "application/json"))
            #expect(try await get(port, "/able").status == 200)
            #expect(try await get(port, "/live").status == 404)
            #expect(log.lines("Serving health checks").count == 1)
        }
    }

    @Test func namesThePortThatIsTaken() async throws {
        let state = HealthState(checks: [])
        try await serving(HealthListenerSettings(port: 0), state) { port in
            let second = HealthListener(
                HealthListenerSettings(port: port), state: state, logger: RecordedLog().logger())
            let error = await #expect(throws: TelemetryError.self) { try await second.run() }
            #expect(
                error?.message.hasPrefix("health checks cannot be served on localhost port \(port): another") == true)
        }
    }
}
