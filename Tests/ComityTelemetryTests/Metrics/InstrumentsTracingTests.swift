// SPDX-License-Identifier: Apache-2.0

import ComityTelemetry
import InMemoryTracing
import Testing
import Tracing

@Suite struct InstrumentsTracingTests {
    private struct Refused: Error {}

    private struct Reader: Extractor {
        func extract(key: String, from carrier: [String: String]) -> String? { carrier[key] }
    }

    private let tracer = InMemoryTracer()

    private var instruments: Instruments {
        Instruments(metrics: nil, tracer: { [tracer] in tracer }, status: { _ in "Unknown" })
    }

    @Test func measuredWorkIsASpanWithItsLabels() async throws {
        await instruments.measure(.bundleFetch, [.trustDomainID: "partner.test"]) {}
        let span = try #require(tracer.finishedSpans.first)
        #expect(span.operationName == "bundle_manager.fetch.federated_bundle")
        #expect(span.attributes.get("trust_domain_id") == .string("partner.test"))
        #expect(span.errors.isEmpty)
    }

    @Test func workWithinWorkIsItsChild() async throws {
        let instruments = instruments
        await instruments.measure(.x509CAPrepare) { instruments.span(.x509SVIDSigned) {} }
        let spans = tracer.finishedSpans
        #expect(spans.map(\.operationName) == ["server_ca.sign.x509_svid", "ca.manager.x509_ca.prepare"])
        #expect(spans[0].parentSpanID == spans[1].spanID)
    }

    @Test func failureIsInTheSpan() async throws {
        await #expect(throws: Refused.self) { try await instruments.measure(.entryPrune) { throw Refused() } }
        #expect(throws: Refused.self) { try instruments.span(.x509SVIDSigned) { throw Refused() } }
        #expect(tracer.finishedSpans.map(\.errors.count) == [1, 1])
    }

    @Test func servedCallContinuesItsCallers() async throws {
        let span = instruments.beginServing(
            "a.B/C",
            calledBy: [
                InMemoryTracer.traceIDKey: "trace", InMemoryTracer.spanIDKey: "caller",
            ], Reader())
        span.end()
        let finished = try #require(tracer.finishedSpans.first)
        #expect(finished.traceID == "trace")
        #expect(finished.parentSpanID == "caller")
        #expect(finished.kind == .server)
    }
}
