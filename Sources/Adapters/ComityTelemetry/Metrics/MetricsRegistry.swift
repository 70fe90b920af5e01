// SPDX-License-Identifier: Apache-2.0

package import CoreMetrics
package import FoundationEssentials
import Glibc
import Synchronization

/// Keeps all metrics of one program, under the names that Prometheus knows them by.
package final class MetricsRegistry: MetricsFactory {
    private struct Key: Hashable {
        var label: String
        var dimensions: [String]
    }

    private struct Family {
        var kind: MetricFamily.Kind
        var help: String
        var series: [[MetricFamily.Label]: MetricSeries] = [:]
    }

    private struct State {
        var families: [String: Family] = [:]
        /// By what callers ask for, nil for what is not shown; spares them the writing of names.
        var asked: [Key: MetricSeries?] = [:]
    }

    private let settings: MetricsSettings
    private let generalLabels: [MetricFamily.Label]
    private let start: Date
    private let now: @Sendable () -> Date
    private let state = Mutex(State())

    /// - Parameter host: What the label `host` says.
    package init(
        _ settings: MetricsSettings, trustDomain: String, host: String = MetricsRegistry.hostName,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.settings = settings
        self.now = now
        start = now()
        var labels: [MetricFamily.Label] = []
        if settings.showsHost { labels.append(.init(MetricLabel.host.rawValue, host)) }
        if settings.showsTrustDomain {
            labels.append(.init(MetricLabel.trustDomain.rawValue, Self.sanitized(trustDomain)))
        }
        generalLabels = labels
    }

    package static var hostName: String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return "unknown" }
        return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    // MARK: - Asking

    /// All that was recorded and what was just read, by name.
    package func families(_ readings: [MetricReading] = []) -> [MetricFamily] {
        let uptime = MetricReading(.uptime, (now().timeIntervalSince(start) * 1000).rounded())
        return state.withLock { state in
            var families = state.families
            for reading in readings + [uptime] { take(reading, &families) }
            return families.sorted { $0.key < $1.key }.map { name, family in
                MetricFamily(
                    name, family.kind, help: family.help,
                    family.series.map { (labels: $0.key, series: $0.value) }.sorted {
                        $0.labels.lexicographicallyPrecedes($1.labels)
                    }.flatMap { $0.series.samples(labels: $0.labels) })
            }
        }
    }

    private func take(_ reading: MetricReading, _ families: inout [String: Family]) {
        let labels = reading.labels.map { ($0.key.rawValue, $0.value) }
        series(reading.name.key, labels, .gauge, &families)?.record(reading.value)
    }

    // MARK: - MetricsFactory

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(label, dimensions, .counter) ?? NOOPMetricsHandler.instance
    }

    package func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        series(label, dimensions, aggregate ? .summary : .gauge) ?? NOOPMetricsHandler.instance
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        series(label, dimensions, .summary) ?? NOOPMetricsHandler.instance
    }

    // What was told once is told until the program ends.
    package func destroyCounter(_ handler: any CounterHandler) {}
    package func destroyRecorder(_ handler: any RecorderHandler) {}
    package func destroyTimer(_ handler: any TimerHandler) {}

    // MARK: - Series

    private func series(
        _ label: String, _ dimensions: [(String, String)], _ kind: MetricFamily.Kind
    ) -> MetricSeries? {
        let key = Key(label: label, dimensions: dimensions.flatMap { [$0.0, $0.1] })
        return state.withLock { state in
            if let known = state.asked[key] { return known }
            let series = series(label, dimensions, kind, &state.families)
            state.asked[key] = .some(series)
            return series
        }
    }

    /// Nil for what is not to be shown, or is of another kind than before.
    private func series(
        _ label: String, _ dimensions: [(String, String)], _ kind: MetricFamily.Kind,
        _ families: inout [String: Family]
    ) -> MetricSeries? {
        guard settings.filter.allows("\(settings.prefix).\(label)") else { return nil }
        let name = Self.sanitized("\(settings.prefix)_\(label)")
        var family = families[name] ?? Family(kind: kind, help: MetricName.help(key: label))
        guard family.kind == kind else { return nil }
        let labels = labels(dimensions)
        let series = family.series[labels] ?? MetricSeries(kind, now: now)
        family.series[labels] = series
        families[name] = family
        return series
    }

    private func labels(_ dimensions: [(String, String)]) -> [MetricFamily.Label] {
        let own = dimensions.map { name, value in
            MetricFamily.Label(
                Self.sanitized(name), MetricLabel.isVerbatim(name) ? value : Self.sanitized(value))
        }
        return (own + generalLabels).filter { settings.filter.allows(label: $0.name) }.sorted()
    }

    /// One underscore for each run of what is neither letter, digit nor underscore.
    private static func sanitized(_ text: String) -> String {
        var result = ""
        var isInRun = false
        for character in text.unicodeScalars {
            let isPlain =
                character.isASCII
                && (character.properties.isAlphabetic || character == "_" || ("0"..."9").contains(character))
            if isPlain {
                result.unicodeScalars.append(character)
            } else if !isInRun {
                result.append("_")
            }
            isInRun = !isPlain
        }
        return result
    }
}
