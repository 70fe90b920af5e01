// SPDX-License-Identifier: Apache-2.0

import ComityTelemetry
import GRPCCore
import Logging
import ServiceLifecycle
import Synchronization

/// Looks after the agent as a workload would and serves what it finds by HTTP, when told to.
final class AgentHealth: Sendable {
    private static let detail = "make_new_x509_err"

    private let settings: AgentSettings
    private let logger: Logger
    private let onEvent: @Sendable (AgentEvent) async -> Void
    private let isServing = Mutex(false)

    init(_ settings: AgentSettings, logger: Logger, onEvent: @escaping @Sendable (AgentEvent) async -> Void) {
        self.settings = settings
        self.logger = logger
        self.onEvent = onEvent
    }

    /// From now on workloads are answered.
    func agentServes() {
        isServing.withLock { $0 = true }
    }

    /// Ends when it is cancelled only.
    func run() async throws {
        // Without a listener nobody would see what the checks find.
        if let listener = settings.health { try await serve(listener) }
        try await Alarm().wait(atMost: nil)
    }

    private func serve(_ listener: HealthListenerSettings) async throws {
        let checks = HealthChecks([HealthCheck("agent") { await self.check() }], logger: logger)
        try await withThrowingTaskGroup { group in
            group.addTask { try await checks.run() }
            group.addTask { [self] in
                try await HealthListener(listener, state: checks.state, logger: logger) { [onEvent] port in
                    await onEvent(.servingHealth(port: port))
                }.run()
            }
            defer { group.cancelAll() }
            // The checks go on for ever: an error of the listener must not wait for them.
            for try await _ in group {}
        }
    }

    private func check() async -> HealthStatus {
        guard isServing.withLock({ $0 }) else { return .failing(Self.detail, "agent is starting", isLive: true) }
        do {
            try await WorkloadAPIProbe(
                socketPath: settings.socketPath, isServed: settings.servesWorkloadAPI
            ).check()
            return .healthy
        } catch let error as RPCError {
            // Its cause is for programmers.
            return .failing(Self.detail, error.message)
        } catch {
            return .failing(Self.detail, "\(error)")
        }
    }
}
