// SPDX-License-Identifier: Apache-2.0

import ComityTelemetry
import Logging
import ServiceLifecycle

/// Serves probes that say what is so: live while the program runs, ready while it does its work.
struct ControllerHealth: Sendable {
    /// Probes come each few seconds, so that what they tell is never older than this.
    private static let interval: Double = 1

    let settings: HealthListenerSettings
    let checks: [HealthCheck]
    let logger: Logger
    let onEvent: @Sendable (ControllerEvent) async -> Void

    init?(
        _ configuration: ControllerConfiguration, _ checks: [HealthCheck], logger: Logger,
        onEvent: @escaping @Sendable (ControllerEvent) async -> Void
    ) {
        guard let address = configuration.health else { return nil }
        settings = HealthListenerSettings(
            address: address.host, port: address.port, livePath: configuration.livenessPath,
            readyPath: configuration.readinessPath, addressKey: "health.healthProbeBindAddress",
            portKey: "health.healthProbeBindAddress")
        self.checks = checks
        self.logger = logger
        self.onEvent = onEvent
    }

    func run() async throws {
        let checks = HealthChecks(
            checks, logger: logger,
            sleep: { time in
                try await Task.sleep(for: .seconds(min(time, Self.interval)))
            })
        try await withThrowingTaskGroup { group in
            group.addTask { try await checks.run() }
            group.addTask {
                try await HealthListener(settings, state: checks.state, logger: logger) { port in
                    await onEvent(.servingHealth(port: port))
                }.run()
            }
            defer { group.cancelAll() }
            for try await _ in group {}
        }
    }

    /// Whether passes go through.
    ///
    /// - Parameter isStandby: Another process leads: nothing is to be done here.
    static func check(
        _ name: String, _ state: PassState, isStandby: @escaping @Sendable () -> Bool = { false }
    ) -> HealthCheck {
        HealthCheck(name) {
            if isStandby() { return HealthStatus(isLive: true, isReady: true, details: ["state": "standby"]) }
            let report = state.report
            if let failure = report.failure { return .failing("error", failure, isLive: true) }
            guard report.successes > 0 else { return .failing("state", "no pass has gone through yet", isLive: true) }
            return HealthStatus(
                isLive: true, isReady: true,
                details: ["passes": "\(report.successes)", "withheld_deletions": "\(report.withheld)"])
        }
    }
}
