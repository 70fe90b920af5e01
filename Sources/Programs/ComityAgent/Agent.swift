// SPDX-License-Identifier: Apache-2.0

import CLinux
import ComityAuthority
import ComityKeys
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
    private static let memoryTrimInterval = Duration.seconds(60)

    private let settings: AgentSettings
    private let logger: Logger

    package init(settings: AgentSettings, logger: Logger) {
        self.settings = settings
        self.logger = logger
    }

    /// Serves until it is asked to stop.
    ///
    /// - Throws: ``AgentError``, or the reason why the agent could not start.
    package func run() async throws {
        logger.info(
            "Starting agent", metadata: ["data_dir": "\(settings.dataFolder)", "version": "\(settings.version)"])
        let storage = try AgentStorage(folder: settings.dataFolder)
        let keys = try makeKeyManager()
        let trust = ServerTrust(trustDomain: settings.trustDomain, logger: logger)
        let connection = try GRPCConnector.tls(
            host: settings.serverAddress, port: settings.serverPort, trust.tls, callTimeout: Self.callTimeout
        ).makeConnection()
        try await withGRPCClient(transport: connection) { client in
            let server = ServerClient(
                client: client, connection: connection, trustDomain: settings.trustDomain, logger: logger)
            let base = AgentIdentity.Base(
                trustDomain: settings.trustDomain, keys: keys, storage: storage, trust: trust, server: server,
                bundles: TrustBundleLoader(source: settings.trustBundle, trustDomain: settings.trustDomain),
                attestor: settings.nodeAttestor, logger: logger)
            guard let parts = try await start(base) else { return }
            try await serve(parts)
        }
    }

    /// What runs side by side once the agent has its identity.
    private struct Parts: Sendable {
        let identity: AgentIdentity
        let synchronizer: Synchronizer
        let signer: SVIDSigner
        let endpoint: WorkloadEndpoint
    }

    /// `nil` when it was asked to stop meanwhile.
    private func start(_ base: AgentIdentity.Base) async throws -> Parts? {
        do {
            return try await cancelWhenGracefulShutdown {
                let identity = try await attempt("Failed to retrieve attestation result") {
                    try await AgentIdentity.establish(base)
                }
                let parts = try makeParts(base, identity)
                await postStatus(base.server)
                try await attempt("Failed to initialize manager") {
                    do {
                        try await parts.synchronizer.sync()
                    } catch {
                        try identity.refusedAtStart(error)
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
        let alarms = AgentAlarms()
        let rotation = RotationPolicy(availabilityTarget: settings.rotationAvailability)
        let store = WorkloadStore(
            WorkloadCache(bundle: bundle, capacity: settings.x509SVIDCacheSize, rotation: rotation),
            signing: alarms.signing)
        let tokens = JWTSVIDSource(capacity: settings.jwtSVIDCacheSize, logger: logger) { entryID, audience in
            try await base.server.jwtSVID(entryID: entryID, audience: audience)
        }
        return Parts(
            identity: identity,
            synchronizer: Synchronizer(
                store: store, server: base.server, identity: identity, alarms: alarms,
                interval: settings.syncInterval, logger: logger),
            signer: SVIDSigner(
                store: store, server: base.server, keys: WorkloadKeys(type: settings.workloadKeyType),
                rotation: rotation, alarms: alarms, logger: logger),
            endpoint: WorkloadEndpoint(settings: settings, store: store, tokens: tokens, logger: logger))
    }

    private func serve(_ parts: Parts) async throws {
        do {
            try await withThrowingTaskGroup { group in
                group.addTask { try await parts.identity.run() }
                group.addTask { try await parts.synchronizer.run() }
                group.addTask { try await parts.signer.run() }
                group.addTask { try await trimMemory() }
                group.addTask { try await parts.endpoint.run() }
                // The endpoint ends when the agent is asked to stop, the others when something is past mending.
                defer { group.cancelAll() }
                try await group.next()
            }
        } catch is CancellationError {
            logger.debug("Agent was cancelled")
        }
        logger.info("Agent stopped")
    }

    /// What thousands of closed streams leave behind stays with the process otherwise.
    private func trimMemory() async throws {
        while true {
            try await Task.sleep(for: Self.memoryTrimInterval)
            comity_malloc_trim()
        }
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
                    complaint, metadata: ["error": "\(error)", "retry_interval": "\(Duration.seconds(wait))"])
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
            logger.error(
                "Failed to post agent status",
                metadata: ["agent_version": "\(settings.version)", "error": "\(error)"])
        }
    }

    private func makeKeyManager() throws -> any KeyManager {
        switch settings.keyStorage {
        case .memory: MemoryKeyManager()
        case .disk(let folder): try DiskKeyManager(path: folder + "/keys.json")
        }
    }
}
