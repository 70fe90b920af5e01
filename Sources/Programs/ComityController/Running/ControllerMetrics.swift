// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityResources
import ComityTelemetry
import FoundationEssentials
import Logging
import SPIFFE

/// What a controller tells in numbers, looked at when somebody asks.
struct ControllerMetrics: Sendable {
    private let settings: MetricsSettings
    private let registry: MetricsRegistry
    private let logger: Logger
    private let onEvent: @Sendable (ControllerEvent) async -> Void
    private let readings: @Sendable () async -> [MetricReading]

    /// `nil` when nobody is to be told.
    init?(
        _ configuration: ControllerConfiguration, logger: Logger,
        onEvent: @escaping @Sendable (ControllerEvent) async -> Void,
        readings: @escaping @Sendable () async -> [MetricReading]
    ) {
        guard let address = configuration.metrics else { return nil }
        var settings = MetricsSettings(prefix: "comity_controller")
        settings.address = address.host
        settings.port = address.port
        settings.addressKey = "metrics.bindAddress"
        settings.portKey = "metrics.bindAddress"
        self.settings = settings
        registry = MetricsRegistry(settings, trustDomain: configuration.trustDomain.name)
        self.logger = logger
        self.onEvent = onEvent
        self.readings = readings
    }

    func run() async throws {
        try await MetricsListener(
            settings, registry: registry, logger: logger, readings: readings,
            onServing: { port in await onEvent(.servingMetrics(port: port)) }
        ).run()
    }

    // MARK: - Readings

    static func readings(
        _ entries: EntryReconciler?, _ relationships: FederationReconciler?
    ) async -> [MetricReading] {
        var all: [MetricReading] = []
        if let entries {
            all += readings("entries", entries.state)
            all += readings(await entries.outcomes, await entries.ledger.tallies)
        }
        if let relationships {
            all += readings("federation", relationships.state)
            all += readings(await relationships.outcomes, at: Date())
        }
        return all
    }

    private static func readings(_ reconciler: String, _ state: PassState) -> [MetricReading] {
        let report = state.report
        return [
            MetricReading(.passes, Double(report.successes), [.reconciler: reconciler]),
            MetricReading(.passFailures, Double(report.failures), [.reconciler: reconciler]),
            MetricReading(.passSeconds, report.lastDuration / .seconds(1), [.reconciler: reconciler]),
            MetricReading(.withheldDeletions, Double(report.withheld), [.reconciler: reconciler]),
        ]
    }

    private static func readings(_ outcomes: EntryOutcomes, _ tallies: [EntryOwner: EntryTally]) -> [MetricReading] {
        var total = EntryTally()
        for tally in tallies.values {
            total.wanted += tally.wanted
            total.set += tally.set
            total.masked += tally.masked
            total.failed += tally.failed
        }
        var pods = PodSelection.Outcome()
        var refused = 0
        for (_, facts) in outcomes.spiffeIDs {
            pods.podsSelected += facts.selection.podsSelected
            pods.podsFinished += facts.selection.podsFinished
            pods.podsUnscheduled += facts.selection.podsUnscheduled
            pods.renderFailures += facts.selection.renderFailures
            if case .refused = facts.standing { refused += 1 }
        }
        let unusable = outcomes.staticEntries.count { outcome in
            if case .refused = outcome.standing { true } else { false }
        }
        return [
            MetricReading(.entries, Double(total.wanted), [.state: "wanted"]),
            MetricReading(.entries, Double(total.set), [.state: "set"]),
            MetricReading(.entries, Double(total.masked), [.state: "masked"]),
            MetricReading(.entries, Double(total.failed), [.state: "failed"]),
            MetricReading(.pods, Double(pods.podsSelected), [.state: "selected"]),
            MetricReading(.pods, Double(pods.podsFinished), [.state: "finished"]),
            MetricReading(.pods, Double(pods.podsUnscheduled), [.state: "unscheduled"]),
            MetricReading(.pods, Double(pods.renderFailures), [.state: "failed"]),
            MetricReading(.spiffeIDResources, Double(outcomes.spiffeIDs.count), [.state: "all"]),
            MetricReading(.spiffeIDResources, Double(refused), [.state: "invalid"]),
            MetricReading(.staticEntryResources, Double(outcomes.staticEntries.count), [.state: "all"]),
            MetricReading(.staticEntryResources, Double(unusable), [.state: "invalid"]),
        ]
    }

    private static func readings(_ outcomes: [FederationReconciler.Outcome], at now: Date) -> [MetricReading] {
        var readings: [MetricReading] = []
        var inForce = 0
        for (_, facts) in outcomes {
            if facts.standing == .inForce { inForce += 1 }
            guard let partner = facts.resource?.trustDomain.name else { continue }
            if let success = facts.polling?.lastSuccess {
                readings.append(MetricReading(.declaredBundleAge, now.timeIntervalSince(success), [.partner: partner]))
            }
            if let end = facts.bundle.flatMap({ BundleLifetime(of: $0).usableUntil }) {
                readings.append(
                    MetricReading(.declaredBundleUsable, end.timeIntervalSince(now), [.partner: partner]))
            }
        }
        readings.append(MetricReading(.federationResources, Double(outcomes.count), [.state: "all"]))
        readings.append(MetricReading(.federationResources, Double(inForce), [.state: "in_force"]))
        return readings
    }
}
