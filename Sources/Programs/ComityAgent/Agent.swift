// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import ComityKeys
package import ComityTelemetry
import ComityTransport
import ComityWorkloads
import FoundationEssentials
import GRPCCore
package import Logging
import SPIFFE
import ServiceLifecycle

/// The agent: proves its node to the server, then serves identities to the workloads beside it.
package struct AgentProgram: Service {
    private static let callTimeout = Duration.seconds(30)

    private let settings: AgentSettings
    private let logger: Logger
    private let levels: LogLevelSwitch
    private let onEvent: @Sendable (AgentEvent) async -> Void

    /// - Parameters:
    ///   - levels: Moves the level of `logger`.
    ///   - onEvent: Told each event of the start.
    package init(
        settings: AgentSettings, logger: Logger, levels: LogLevelSwitch = LogLevelSwitch(.info),
        onEvent: @escaping @Sendable (AgentEvent) async -> Void = { _ in }
    ) {
        self.settings = settings
        self.logger = logger
        self.levels = levels
        self.onEvent = onEvent
    }

    /// Serves until it is asked to stop.
    ///
    /// - Throws: ``AgentError``, or the reason why the agent could not start.
    package func run() async throws {
        let health = AgentHealth(settings, logger: logger, onEvent: onEvent)
        let metrics = AgentMetrics(settings, logger: logger, onEvent: onEvent)
        try await withThrowingTaskGroup { group in
            group.addTask { try await health.run() }
            group.addTask { try await metrics.run() }
            group.addTask { try await runAgent(health, metrics.instruments) }
            // Health and metrics go on until the agent ends; a listener that cannot listen ends it.
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private func runAgent(_ health: AgentHealth, _ instruments: Instruments) async throws {
        logger.info(
            "Starting agent", metadata: [.dataDirectory: "\(settings.dataFolder)", .version: "\(settings.version)"])
        DescriptorLimit.raise()
        let storage = try AgentStorage(folder: settings.dataFolder)
        let keys = MeasuredKeyManager(keyManager: try makeKeyManager(), instruments: instruments)
        let trust = ServerTrust(trustDomain: settings.trustDomain, logger: logger)
        let connection = try GRPCConnector.tls(
            host: settings.serverAddress, port: settings.serverPort, trust.tls, callTimeout: Self.callTimeout
        ).makeConnection()
        try await withServerClient(connection) { client in
            let server = ServerClient(
                client: client, connection: connection, trustDomain: settings.trustDomain, logger: logger)
            let base = AgentIdentity.Base(
                trustDomain: settings.trustDomain, keys: keys, storage: storage, trust: trust, server: server,
                bundles: TrustBundleLoader(source: settings.trustBundle, trustDomain: settings.trustDomain),
                attestor: settings.nodeAttestor, rebootstrap: settings.rebootstrap,
                serverAddress: settings.serverAddress, serverPort: settings.serverPort,
                instruments: instruments, logger: logger.with(.subsystemName, "attestor"))
            guard let parts = try await start(base) else { return }
            try await serve(parts, health)
        }
    }

    /// A client that is given up before it has begun counts as stopped, not as an error.
    private func withServerClient(
        _ connection: GRPCConnection, _ body: (GRPCClient<GRPCConnection>) async throws -> Void
    ) async throws {
        do {
            try await withGRPCClient(transport: connection, handleClient: body)
        } catch let error as RuntimeError where error.code == .clientIsStopped {
            logger.debug("Agent was stopped at its start")
        }
    }

    /// What runs side by side once the agent has its identity.
    private struct Parts: Sendable {
        let identity: AgentIdentity
        let store: WorkloadStore
        let synchronizer: Synchronizer
        let signer: SVIDSigner
        let endpoint: WorkloadEndpoint
        /// `nil` without a path for its socket.
        let admin: AdminEndpoint?
    }

    /// `nil` when it was asked to stop meanwhile.
    private func start(_ base: AgentIdentity.Base) async throws -> Parts? {
        do {
            return try await cancelWhenGracefulShutdown {
                let identity = try await attempt("Failed to retrieve attestation result") {
                    do {
                        return try await AgentIdentity.establish(base)
                    } catch {
                        try base.checkTrust()
                        throw error
                    }
                }
                try identity.checkRebootstrap()
                await onEvent(.identified(identity.agentID))
                let parts = try makeParts(base, identity)
                await postStatus(base.server)
                try await attempt("Failed to initialize manager") {
                    do {
                        try await parts.synchronizer.sync()
                    } catch {
                        try identity.refusedAtStart(error)
                        try identity.checkTrust()
                        throw error
                    }
                }
                return parts
            }
        } catch is CancellationError {
            return nil
        }
    }

    private func makeParts(_ base: AgentIdentity.Base, _ identity: AgentIdentity) throws -> Parts {
        guard let bundle = base.trust.bundle else {
            throw AgentError(.bootstrap, "agent has an identity but no bundle; remove its data folder to start anew")
        }
        let logger = logger.with(.subsystemName, "manager")
        let alarms = AgentAlarms()
        let rotation = RotationPolicy(availabilityTarget: settings.rotationAvailability)
        let store = WorkloadStore(
            WorkloadCache(bundle: bundle, capacity: settings.x509SVIDCacheSize, rotation: rotation),
            signing: alarms.signing)
        let instruments = base.instruments
        let tokens = JWTSVIDSource(
            capacity: settings.jwtSVIDCacheSize, instruments: instruments, logger: logger
        ) { entryID, audience in
            try await base.server.jwtSVID(entryID: entryID, audience: audience)
        }
        let synchronizer = Synchronizer(
            store: store, tokens: tokens, server: base.server, identity: identity, alarms: alarms,
            interval: settings.syncInterval, instruments: instruments, logger: logger)
        return Parts(
            identity: identity, store: store, synchronizer: synchronizer,
            signer: SVIDSigner(
                store: store, server: base.server, keys: WorkloadKeys(type: settings.workloadKeyType),
                rotation: rotation, alarms: alarms, instruments: instruments, logger: logger),
            endpoint: WorkloadEndpoint(
                settings: settings, store: store, tokens: tokens, instruments: instruments, logger: self.logger),
            admin: settings.adminSocketPath.map { path in
                AdminEndpoint(
                    settings: settings, path: path, store: store, tokens: tokens, levels: levels,
                    credential: { base.trust.credential }, lastSync: { await synchronizer.lastSuccess },
                    instruments: instruments, logger: self.logger)
            })
    }

    private func serve(_ parts: Parts, _ health: AgentHealth) async throws {
        do {
            // The value says whether the end of the task is the end of the agent.
            try await withThrowingTaskGroup(of: Bool.self) { group in
                group.addTask { try await parts.identity.run() }
                group.addTask { try await parts.synchronizer.run() }
                group.addTask { try await parts.signer.run() }
                group.addTask {
                    try await MemoryTrimming().run()
                    return false
                }
                group.addTask {
                    try await endStreamsAtShutdown(parts.store)
                    return false
                }
                group.addTask {
                    try await parts.admin?.run()
                    return false
                }
                group.addTask {
                    try await parts.endpoint.run {
                        health.agentServes()
                        await onEvent(.servingWorkloads(path: settings.socketPath))
                    }
                    return true
                }
                defer { group.cancelAll() }
                for try await isEnd in group where isEnd { return }
            }
        } catch is CancellationError {
            logger.debug("Agent was cancelled")
        }
        logger.info("Agent stopped")
    }

    /// Streams never end by themselves, so that without this the grace period would always be waited out.
    private func endStreamsAtShutdown(_ store: WorkloadStore) async throws {
        try await gracefulShutdown()
        store.endSubscriptions()
    }

    /// Repeats what may fail for a while at start, at most for a minute.
    private func attempt<Value: Sendable>(
        _ complaint: Logger.Message, _ work: () async throws -> Value
    ) async throws -> Value {
        var backoff = settings.startRetry
        while true {
            do {
                return try await work()
            } catch {
                try Task.checkCancellation()
                guard Self.isWorthRepeating(error),
                    let wait = backoff.attemptFailed(now: Date(), random: .random(in: 0..<1))
                else { throw error }
                logger.warning(
                    complaint,
                    metadata: [.error: "\(error)", .retryInterval: .stringConvertible(Duration.seconds(wait))])
                try await Task.sleep(for: .seconds(wait))
            }
        }
    }

    private static func isWorthRepeating(_ error: any Error) -> Bool {
        switch error {
        case let error as RPCError: error.code != .permissionDenied
        case let error as AgentError: ![.shutdown, .configuration, .storage].contains(error.code)
        default: true
        }
    }

    /// Older servers do not know the call, which is no reason not to start.
    private func postStatus(_ server: ServerClient) async {
        do {
            try await server.postStatus(version: settings.version)
        } catch {
            logger.failure(
                "Failed to post agent status", error, metadata: [.agentVersion: "\(settings.version)"])
        }
    }

    private func makeKeyManager() throws -> any KeyManager {
        switch settings.keyStorage {
        case .memory: MemoryKeyManager()
        case .disk(let folder): try DiskKeyManager(path: folder + "/keys.json")
        }
    }
}
