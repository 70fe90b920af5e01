// SPDX-License-Identifier: Apache-2.0

package import CoreMetrics
package import Tracing

/// Where a program tells in numbers and spans what it does. Rules never see one.
package struct Instruments: Sendable {
    package typealias Labels = KeyValuePairs<MetricLabel, String>

    /// Tells nobody, except for a tracer of the process.
    package static let none = Instruments(metrics: nil) { _ in "" }

    private let factory: any MetricsFactory
    private let status: @Sendable (any Error) -> String
    private let tracer: @Sendable () -> any Tracer

    /// - Parameters:
    ///   - metrics: `nil` when nobody looks at them.
    ///   - tracer: The one that the process was given, if any; without one, spans cost next to nothing.
    ///   - status: The name of the gRPC status that an error stands for.
    package init(
        metrics: (any MetricsFactory)?,
        tracer: @escaping @Sendable () -> any Tracer = { InstrumentationSystem.tracer },
        status: @escaping @Sendable (any Error) -> String
    ) {
        factory = metrics ?? NOOPMetricsHandler.instance
        self.tracer = tracer
        self.status = status
    }

    // MARK: - Single values

    package func count(_ name: MetricName, _ labels: Labels = [:], by amount: Int = 1) {
        Counter(label: name.key, dimensions: labels.dimensions, factory: factory).increment(by: amount)
    }

    package func set(_ name: MetricName, to value: Double, _ labels: Labels = [:]) {
        Recorder(label: name.key, dimensions: labels.dimensions, aggregate: false, factory: factory).record(value)
    }

    package func sample(_ name: MetricName, _ value: Int, _ labels: Labels = [:]) {
        Recorder(label: name.key, dimensions: labels.dimensions, aggregate: true, factory: factory).record(value)
    }

    // MARK: - Calls

    /// Counts and times the work, in a span of its own.
    package func measure<Value, Failure: Error>(
        _ name: MetricName, _ labels: Labels = [:], _ work: () async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        let start = ContinuousClock.now
        let span = tracer().startAnySpan(name.key)
        for (label, value) in labels { span.attributes[label.rawValue] = value }
        let result: Result<Value, Failure> = await InstrumentationContext.withValue(span.context) {
            do throws(Failure) {
                return .success(try await work())
            } catch {
                span.recordError(error)
                return .failure(error)
            }
        }
        span.end()
        if case .failure(let error) = result {
            finished(name, labels, since: start, error)
        } else {
            finished(name, labels, since: start, nil)
        }
        return try result.get()
    }

    /// Counts a call that ended now.
    package func finished(
        _ name: MetricName, _ labels: Labels = [:], since start: ContinuousClock.Instant, _ error: (any Error)?
    ) {
        let dimensions = labels.dimensions + [(MetricLabel.status.rawValue, error.map(status) ?? "OK")]
        Counter(label: name.key, dimensions: dimensions, factory: factory).increment()
        let elapsed = (ContinuousClock.now - start) / .nanoseconds(1)
        Timer(label: name.elapsedKey, dimensions: dimensions, factory: factory).recordNanoseconds(Int64(elapsed))
    }

    // MARK: - Spans

    /// A span around something that does not wait.
    package func span<Value, Failure: Error>(
        _ name: MetricName, _ work: () throws(Failure) -> Value
    ) throws(Failure) -> Value {
        let span = tracer().startAnySpan(name.key)
        defer { span.end() }
        do throws(Failure) {
            return try work()
        } catch {
            span.recordError(error)
            throw error
        }
    }

    /// Begins a span of a served call; whoever begins it ends it.
    ///
    /// - Parameter caller: What the caller sent, in which its own span may be found.
    package func beginServing<Carrier, Reader: Extractor>(
        _ name: String, calledBy caller: Carrier, _ reader: Reader
    ) -> any Span where Reader.Carrier == Carrier {
        let tracer = tracer()
        var context = InstrumentationContext.topLevel
        tracer.extract(caller, into: &context, using: reader)
        return tracer.startAnySpan(name, context: context, ofKind: .server)
    }
}

extension Instruments.Labels {
    fileprivate var dimensions: [(String, String)] { map { ($0.key.rawValue, $0.value) } }
}
