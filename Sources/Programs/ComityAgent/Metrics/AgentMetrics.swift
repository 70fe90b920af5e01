// SPDX-License-Identifier: Apache-2.0

import ComityTelemetry
import ComityTransport
import Logging
import SPIFFE

/// What an agent tells in numbers, and where.
struct AgentMetrics: Sendable {
    let instruments: Instruments
    private let settings: MetricsSettings?
    private let registry: MetricsRegistry?
    private let logger: Logger
    private let onEvent: @Sendable (AgentEvent) async -> Void

    init(_ settings: AgentSettings, logger: Logger, onEvent: @escaping @Sendable (AgentEvent) async -> Void) {
        self.settings = settings.metrics
        self.logger = logger
        self.onEvent = onEvent
        registry = settings.metrics.map { MetricsRegistry($0, trustDomain: settings.trustDomain.name) }
        instruments = Instruments(metrics: registry)
        instruments.set(
            .started, to: 1, [.version: settings.version, .trustDomainID: settings.trustDomain.name])
    }

    /// Ends when it is cancelled only, or with an error when metrics cannot be served.
    func run() async throws {
        if let settings, let registry {
            try await MetricsListener(
                settings, registry: registry, logger: logger,
                onServing: { [onEvent] in await onEvent(.servingMetrics(port: $0)) }
            ).run()
        }
        try await Alarm().wait(atMost: nil)
    }
}
