// SPDX-License-Identifier: Apache-2.0

package import ComityTelemetry
package import ComityTransport
package import FoundationEssentials
import GRPCCore
package import Logging
package import SPIFFE
import ServerAPIProtos

/// The admin socket: for the operator, and for processes that act for workloads.
package struct AdminEndpoint: Sendable {
    private let path: String
    private let services: [any RegistrableRPCService]
    private let instruments: Instruments
    private let logger: Logger

    private static let connections: [String: ConnectionMetrics] = [
        Spire_Agent_Debug_V1_Debug.descriptor.fullyQualifiedService: .debugAPI,
        Spire_Api_Agent_Delegatedidentity_V1_DelegatedIdentity.descriptor.fullyQualifiedService: .delegatedIdentityAPI,
    ]

    /// - Parameters:
    ///   - path: Of the socket.
    ///   - levels: Moves the level of the agent's log.
    ///   - credential: The agent's own SVID as it is at the moment.
    ///   - lastSync: When the agent last had everything from the server.
    package init(
        settings: AgentSettings, path: String, store: WorkloadStore, tokens: JWTSVIDSource, levels: LogLevelSwitch,
        credential: @escaping @Sendable () -> X509Credential?, lastSync: @escaping @Sendable () async -> Date?,
        instruments: Instruments = .none, logger: Logger
    ) {
        self.path = path
        self.instruments = instruments
        self.logger = logger.with(.subsystemName, "admin_api")
        services = [
            DebugService(store: store, tokens: tokens, credential: credential, lastSync: lastSync),
            LoggerService(levels: levels),
            DelegatedIdentityService(
                store: store, attestation: CallerAttestation(settings.workloadAttestors, instruments: instruments),
                tokens: tokens, delegates: settings.authorizedDelegates),
        ]
    }

    /// Serves until it is asked to stop.
    func run() async throws {
        let service = makeService()
        try await withThrowingTaskGroup { group in
            group.addTask { try await service.run() }
            if let address = await service.boundAddress {
                logger.info("Starting Admin APIs", metadata: [.address: "\(address)", .network: "unix"])
            }
            try await group.next()
        }
    }

    /// The service that ``run()`` runs.
    package func makeService() -> GRPCService {
        let listener = GRPCListener.unix(path: path, mode: 0o770, directoryMode: 0o750)
        return GRPCService(
            server: GRPCServer(
                transport: listener.makeTransport(logger: logger), services: services,
                interceptors: [
                    InstrumentInterceptor(instruments, connections: Self.connections),
                    RequestLoggerInterceptor(logger: logger, showsProcess: true),
                ]))
    }
}
