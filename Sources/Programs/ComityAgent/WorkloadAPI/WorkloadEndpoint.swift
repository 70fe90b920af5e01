// SPDX-License-Identifier: Apache-2.0

package import ComityTelemetry
package import ComityTransport
import GRPCCore
package import Logging
import ServiceLifecycle

/// The public socket: the Workload API, health and reflection, for every local process.
package struct WorkloadEndpoint: Sendable {
    private let settings: AgentSettings
    private let store: WorkloadStore
    private let tokens: JWTSVIDSource
    private let instruments: Instruments
    private let logger: Logger

    package init(
        settings: AgentSettings, store: WorkloadStore, tokens: JWTSVIDSource, instruments: Instruments = .none,
        logger: Logger
    ) {
        self.settings = settings
        self.store = store
        self.tokens = tokens
        self.instruments = instruments
        self.logger = logger.with(.subsystemName, "endpoints")
    }

    /// Serves until it is asked to stop.
    ///
    /// - Parameter onServing: Told once workloads are answered.
    func run(onServing: @Sendable () async -> Void) async throws {
        guard settings.hasPublicSocket else {
            await onServing()
            try await gracefulShutdown()
            return
        }
        let service = try makeService()
        try await withThrowingTaskGroup { group in
            group.addTask { try await service.run() }
            // Whoever waits for this line may connect once it is there.
            if let address = await service.boundAddress {
                logger.info("Starting Workload and SDS APIs", metadata: [.address: "\(address)", .network: "unix"])
                await onServing()
            }
            try await group.next()
        }
    }

    /// The service that ``run()`` runs.
    package func makeService() throws -> GRPCService {
        let api = WorkloadAPIService(
            store: store, attestation: CallerAttestation(settings.workloadAttestors, instruments: instruments),
            tokens: tokens, limiter: WorkloadRateLimiter(rates: settings.workloadRates, instruments: instruments),
            options: WorkloadAPIService.Options(
                allowsUnauthenticatedVerifiers: settings.allowsUnauthenticatedVerifiers,
                allowedForeignClaims: settings.allowedForeignJWTClaims),
            instruments: instruments)
        // Every user's workloads have to get there, so the agent's own umask must not shut them out.
        let listener = GRPCListener.unix(
            path: settings.socketPath, mode: 0o777, directoryMode: 0o755, isDirectoryModeExact: true)
        let probe = WorkloadAPIProbe(socketPath: settings.socketPath, isServed: settings.servesWorkloadAPI)
        let services: [any RegistrableRPCService] =
            (settings.servesWorkloadAPI ? [api] : []) + [HealthService(probe: probe)]
        let reflection = try Reflection(of: services)
        let server = GRPCServer(
            transport: listener.makeTransport(logger: logger),
            services: services + [
                ReflectionService(reflection: reflection), ReflectionAlphaService(reflection: reflection),
            ],
            interceptors: [
                InstrumentInterceptor(
                    instruments, connections: [SecurityHeaderInterceptor.workloadAPI: .workloadAPI]),
                RequestLoggerInterceptor(logger: logger, showsProcess: true), SecurityHeaderInterceptor(),
            ])
        return GRPCService(server: server)
    }
}
