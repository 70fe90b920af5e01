// SPDX-License-Identifier: Apache-2.0

import CoreMetrics
import FoundationEssentials
import Synchronization

/// The values under one name and one set of labels.
final class MetricSeries: CounterHandler, RecorderHandler, TimerHandler {
    private enum Content: Sendable {
        case counter(Int64)
        case gauge(Double)
        case summary(SampleWindow)
    }

    private static let shares = [0.5, 0.9, 0.99]

    private let content: Mutex<Content>
    private let now: @Sendable () -> Date

    init(_ kind: MetricFamily.Kind, now: @escaping @Sendable () -> Date) {
        let zero: Content =
            switch kind {
            case .counter: .counter(0)
            case .gauge: .gauge(0)
            case .summary: .summary(SampleWindow())
            }
        content = Mutex(zero)
        self.now = now
    }

    func samples(labels: [MetricFamily.Label]) -> [MetricFamily.Sample] {
        switch content.withLock({ $0 }) {
        case .counter(let count): [.init(labels: labels, Double(count))]
        case .gauge(let value): [.init(labels: labels, value)]
        case .summary(let window):
            zip(Self.shares, window.quantiles(Self.shares, now: now())).map { share, value in
                .init(labels: (labels + [.init("quantile", "\(share)")]).sorted(), value)
            } + [
                .init(suffix: "_sum", labels: labels, window.sum),
                .init(suffix: "_count", labels: labels, Double(window.count)),
            ]
        }
    }

    func increment(by amount: Int64) {
        content.withLock {
            guard case .counter(let count) = $0 else { return }
            $0 = .counter(count &+ amount)
        }
    }

    func reset() {
        content.withLock {
            guard case .counter = $0 else { return }
            $0 = .counter(0)
        }
    }

    func record(_ value: Int64) {
        record(Double(value))
    }

    func record(_ value: Double) {
        let now = now()
        content.withLock {
            switch $0 {
            case .counter: break
            case .gauge: $0 = .gauge(value)
            case .summary(var window):
                // Given up first, so that it is changed in place.
                $0 = .gauge(0)
                window.add(value, at: now)
                $0 = .summary(window)
            }
        }
    }

    /// Summaries of time are in milliseconds, as in SPIRE.
    func recordNanoseconds(_ duration: Int64) {
        record(Double(duration) / 1e6)
    }
}
