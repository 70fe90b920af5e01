// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityTelemetry
import ComityTransport
import Logging
import SPIFFE
import ServiceLifecycle

/// What a server tells in numbers, and where.
struct ServerMetrics: Sendable {
    let instruments: Instruments
    private let settings: MetricsSettings?
    private let registry: MetricsRegistry?
    private let time: ServerTime

    init(_ settings: ServerSettings, time: ServerTime) {
        self.settings = settings.metrics
        self.time = time
        registry = settings.metrics.map {
            MetricsRegistry($0, trustDomain: settings.trustDomain.name, now: time.now)
        }
        instruments = Instruments(metrics: registry)
        instruments.set(
            .started, to: 1, [.version: settings.version, .trustDomainID: settings.trustDomain.name])
    }

    func services(
        of parts: ServerParts, trustDomain: TrustDomain, logger: Logger,
        onServing: @escaping @Sendable (Int) async -> Void
    ) -> [any Service] {
        guard let settings, let registry else { return [] }
        let federation = FederationReadings(trustDomain: trustDomain, store: parts.store)
        return [
            MetricsListener(
                settings, registry: registry, logger: logger,
                readings: { [time] in
                    do {
                        return parts.index.readings + (try await federation.read(at: time.now()))
                    } catch {
                        logger.failure("Failed to read what metrics tell of partners", error)
                        return parts.index.readings
                    }
                }, onServing: onServing)
        ]
    }
}
