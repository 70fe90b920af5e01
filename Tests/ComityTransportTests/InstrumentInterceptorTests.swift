// SPDX-License-Identifier: Apache-2.0

import ComityTelemetry
import ComityTransport
import GRPCCore
import InMemoryTracing
import Logging
import ServerAPIProtos
import Testing
import Tracing

@Suite struct InstrumentInterceptorTests {
    private static let health = "grpc.health.v1.Health"

    private let registry: MetricsRegistry = {
        var settings = MetricsSettings(prefix: "p")
        settings.showsHost = false
        return MetricsRegistry(settings, trustDomain: "a.test")
    }()
    private let tracer = InMemoryTracer()

    private func value(_ line: String) -> String? {
        registry.families().map(\.text).joined().split(separator: "\n").first { $0.hasPrefix("\(line) ") }
            .map { String($0.dropFirst(line.count + 1)) }
    }

    /// Serves ``PeerReport`` and answers when everything has ended.
    private func calling(
        _ body: (Grpc_Health_V1_Health.Client<GRPCConnection>) async throws -> Void
    ) async throws {
        let folder = try ScratchFolder()
        let path = "\(folder.path)/api.sock"
        let instruments = Instruments(
            metrics: registry, tracer: { [tracer] in tracer }, status: { GoStatusCode.name(of: $0) })
        let server = GRPCServer(
            transport: GRPCListener.unix(path: path, mode: 0o770, directoryMode: 0o750)
                .makeTransport(logger: Logger(label: "test")),
            services: [PeerReport()],
            interceptors: [InstrumentInterceptor(instruments, connections: [Self.health: .workloadAPI])])
        let service = GRPCService(server: server)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await service.run() }
            _ = await service.boundAddress
            try await GRPCConnector.unix(path: path).withClient { try await body(.init(wrapping: $0)) }
            group.cancelAll()
            try? await group.waitForAll()
        }
    }

    @Test(.timeLimit(.minutes(1))) func countsAndTracesCalls() async throws {
        try await calling { client in
            for _ in 0..<2 {
                _ = try await client.check(
                    .init(), metadata: [InMemoryTracer.traceIDKey: "t", InMemoryTracer.spanIDKey: "s"])
            }
        }
        #expect(value(#"p_rpc_health_check{status="OK"}"#) == "2")
        #expect(value(#"p_rpc_health_check_elapsed_time_count{status="OK"}"#) == "2")
        #expect(value("p_workload_api_connection") == "2")
        #expect(value("p_workload_api_connections") == "0")
        let span = try #require(tracer.finishedSpans.first)
        #expect(span.operationName == "grpc.health.v1.Health/Check")
        #expect(span.traceID == "t")
        #expect(span.parentSpanID == "s")
        #expect(span.attributes.get("rpc.grpc.status") == .string("OK"))
    }

    @Test(.timeLimit(.minutes(1))) func streamCountsUntilItEnds() async throws {
        try await calling { client in
            try await client.watch(.init()) { response in
                for try await _ in response.messages {
                    #expect(value("p_workload_api_connections") == "1")
                    #expect(value(#"p_rpc_health_watch{status="OK"}"#) == nil)
                    break
                }
            }
        }
        #expect(value("p_workload_api_connections") == "0")
        #expect(tracer.finishedSpans.count == 1)
        #expect(tracer.activeSpans.isEmpty)
    }
}
