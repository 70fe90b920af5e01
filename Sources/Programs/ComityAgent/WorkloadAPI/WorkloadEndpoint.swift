// SPDX-License-Identifier: Apache-2.0

import ComityTransport
import GRPCCore
import Logging

/// The public socket: the Workload API and health, for every local process.
struct WorkloadEndpoint: Sendable {
    let settings: AgentSettings
    let store: WorkloadStore
    let tokens: JWTSVIDSource
    let logger: Logger

    /// Serves until it is asked to stop.
    func run() async throws {
        let api = WorkloadAPIService(
            store: store, attestation: CallerAttestation(settings.workloadAttestors), tokens: tokens,
            options: WorkloadAPIService.Options(
                allowsUnauthenticatedVerifiers: settings.allowsUnauthenticatedVerifiers,
                allowedForeignClaims: settings.allowedForeignJWTClaims))
        let listener = GRPCListener.unix(path: settings.socketPath, mode: 0o777, directoryMode: 0o755)
        let server = GRPCServer(
            transport: listener.makeTransport(logger: logger),
            services: [api, HealthService(probe: WorkloadAPIProbe(socketPath: settings.socketPath))],
            interceptors: [RequestLoggerInterceptor(logger: logger), SecurityHeaderInterceptor()])
        logger.info(
            "Starting Workload and SDS APIs", metadata: ["address": "\(settings.socketPath)", "network": "unix"])
        try await GRPCService(server: server).run()
    }
}
