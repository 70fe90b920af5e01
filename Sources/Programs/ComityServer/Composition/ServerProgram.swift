// SPDX-License-Identifier: Apache-2.0

import ComityAttestation
import ComityAttestors
import ComityAuthority
import ComityBundleEndpoint
import ComityKeys
import ComityRegistry
import ComityStorage
package import ComityTelemetry
import ComityTransport
import ComityUpstream
import FoundationEssentials
import GRPCCore
package import Logging
import SPIFFE
import ServiceLifecycle

/// The server: the authority of one trust domain.
package struct ServerProgram: Service {
    /// How long a stopping server waits for those who are still connected.
    private static let shutdownDeadline = Duration.seconds(10)

    private let settings: ServerSettings
    private let time: ServerTime
    private let logger: Logger
    private let levels: LogLevelSwitch
    private let onEvent: @Sendable (ServerEvent) async -> Void

    /// - Parameters:
    ///   - levels: Moves the level of `logger`.
    ///   - onEvent: Told each address once it is served.
    package init(
        settings: ServerSettings, time: ServerTime = .system, logger: Logger,
        levels: LogLevelSwitch = LogLevelSwitch(.info),
        onEvent: @escaping @Sendable (ServerEvent) async -> Void = { _ in }
    ) {
        self.settings = settings
        self.time = time
        self.logger = logger
        self.levels = levels
        self.onEvent = onEvent
    }

    /// Serves until it is asked to stop.
    ///
    /// - Throws: What kept the server from starting or going on; the message says what to do.
    package func run() async throws {
        DescriptorLimit.raise()
        logger.info(
            "Configured",
            metadata: [
                "admin_ids": "\(settings.adminIDs.map(\.uri).sorted())", "data_dir": "\(settings.dataFolder)",
                "trust_domain_id": "\(settings.trustDomain.id)", "version": "\(settings.version)",
            ])
        try DataFolder(path: settings.dataFolder).prepare()
        switch settings.database {
        case .file(let path):
            // What one server writes, another that runs on the same file would not notice.
            let lock = try ProcessLock(
                guarding: path, kind: "database", cure: "give this server a database of its own")
            defer { withExtendedLifetime(lock) {} }
            try finishRestore()
            try KeptFiles(settings).requireContent()
            try await run(on: SQLStore(path: path, trustDomain: settings.trustDomain))
        case .temporary:
            let database = TemporaryDatabase(in: settings.dataFolder)
            defer { database.remove() }
            try await run(on: SQLStore(path: database.path, trustDomain: settings.trustDomain))
        case .postgres(let postgres):
            try finishRestore()
            try await run(
                on: SQLStore(
                    postgres: postgres, trustDomain: settings.trustDomain, logger: logger(for: "sql")))
        }
        logger.info("Server stopped gracefully")
    }

    /// Keeps what this process makes from other users. For a process that is a server and nothing else: the mask is
    /// the whole process's.
    package static func tightenCreationMask(logger: Logger) {
        if let mask = CreationMask.tighten() {
            logger.warning(
                "Current umask is too permissive; setting a stricter one",
                metadata: ["umask": "\(mask.old)", "new_umask": "\(mask.new)"])
        }
    }

    /// Takes a restore that was cut short to its end.
    private func finishRestore() throws {
        let pending = PendingRestore(files: KeptFiles(settings))
        guard pending.isDecided else { return }
        let kept = try pending.finish()
        logger.warning("Restore was cut short and is finished now", metadata: ["kept": "\(kept)"])
    }

    private func run(on store: SQLStore) async throws {
        let parts = try await makeParts(on: store)
        var configuration = ServiceGroupConfiguration(
            services: try services(of: parts), logger: Logger(label: "lifecycle") { _ in SwiftLogNoOpLogHandler() })
        configuration.maximumGracefulShutdownDuration = Self.shutdownDeadline
        try await ServiceGroup(configuration: configuration).run()
    }

    /// What every service needs; ready to sign and to answer.
    private func makeParts(on database: SQLStore) async throws -> ServerParts {
        let metrics = ServerMetrics(settings, time: time)
        let instruments = metrics.instruments
        let store = MeasuredStore(store: database, instruments: instruments)
        let authorities = LocalAuthorities(
            settings: settings.authority, keys: try makeKeyManager(), bundles: store, journals: database,
            upstream: try makeUpstream(), time: time, instruments: instruments,
            logger: logger(for: "ca_manager"))
        let administrators = settings.adminIDs.union(settings.allowedMethods.keys).map(\.trustDomain)
        let kubernetes = KubernetesConnections(version: settings.version, logger: logger(for: "kubernetes"))
        let parts = ServerParts(
            database: database, store: store, authorities: authorities,
            attestors: try NodeAttestors(settings: settings, store: store, kubernetes: kubernetes, time: time).all,
            index: LiveEntryIndex(
                store: store, trustDomain: settings.trustDomain, instruments: instruments, logger: logger),
            bundles: LiveBundles(
                trustDomains: Set(administrators + [settings.trustDomain]), store: store, logger: logger),
            bundleClient: BundleClient(
                settings: BundleClientSettings(
                    trustDomain: settings.trustDomain, relationships: settings.relationships,
                    domainsWithSharedRoots: settings.domainsWithSharedRoots),
                store: store,
                fetcher: HTTPSBundleFetcher(
                    proxies: ProxySettings(environment: ProcessInfo.processInfo.environment)),
                time: time, instruments: instruments, logger: logger),
            kubernetes: kubernetes,
            publishers: settings.bundleTargets(kubernetes).map {
                BundlePublisher(
                    $0, trustDomain: settings.trustDomain, store: store, time: time, instruments: instruments,
                    logger: logger)
            }, metrics: metrics)
        try await authorities.start()
        try await parts.index.load()
        try await parts.bundles.load()
        return parts
    }

    private func makeKeyManager() throws -> any KeyManager {
        switch settings.keys {
        case .memory: MemoryKeyManager()
        case .disk(let path): try DiskKeyManager(path: path)
        }
    }

    private func makeUpstream() throws -> (any UpstreamAuthority)? {
        switch settings.upstream {
        case .disk(let files):
            try DiskUpstreamAuthority(
                files, trustDomain: settings.trustDomain, logger: logger(for: "upstream_authority"), now: time.now)
        case .spire(let server): SPIREUpstreamAuthority(server, trustDomain: settings.trustDomain)
        case nil: nil
        }
    }

    private func logger(for subsystem: String) -> Logger {
        var logger = logger
        logger[metadataKey: "subsystem_name"] = "\(subsystem)"
        return logger
    }

    // MARK: - Services

    /// In order of need: what stands later is stopped earlier.
    private func services(of parts: ServerParts) throws -> [any Service] {
        var services: [any Service] = [
            MemoryTrimming(), parts.kubernetes, parts.index, parts.bundles, parts.authorities,
            RegistryPruning(
                store: parts.store, nodes: settings.nodePruning, time: time, instruments: parts.metrics.instruments,
                logger: logger),
            parts.bundleClient,
        ]
        if case .postgres = settings.database { services.append(SharedChanges(store: parts.database)) }
        services += parts.publishers
        services += try bundleEndpoint(of: parts)
        services += apiServers(of: parts)
        services += health(of: parts)
        services += parts.metrics.services(of: parts, trustDomain: settings.trustDomain, logger: logger) {
            [onEvent] in await onEvent(.servingMetrics(port: $0))
        }
        return services
    }

    private func bundleEndpoint(of parts: ServerParts) throws -> [any Service] {
        guard let endpoint = settings.bundleEndpoint else { return [] }
        let logger = logger(for: "endpoints")
        let certificate: any EndpointCertificate
        var services: [any Service] = []
        switch endpoint.profile {
        case .httpsSPIFFE:
            certificate = SVIDCertificate { parts.authorities.identity.credential }
        case .httpsWeb(let certificatePath, let keyPath, let interval):
            let files = try ServingCertificate(
                certificatePath: certificatePath, keyPath: keyPath, interval: interval, logger: logger)
            certificate = files
            services.append(files)
        }
        let (bundles, trustDomain) = (parts.bundles, settings.trustDomain)
        services.append(
            BundleEndpoint(
                address: endpoint.address, port: endpoint.port, refreshHint: endpoint.refreshHint,
                certificate: certificate,
                bundle: {
                    guard let bundle = bundles.current[trustDomain] else {
                        throw RegistryError(.notFound, "bundle not found")
                    }
                    return bundle
                },
                onServing: { [onEvent] in await onEvent(.servingBundle(port: $0)) }, logger: logger))
        return services
    }

    private func health(of parts: ServerParts) -> [any Service] {
        guard let listener = settings.health else { return [] }
        let checks = HealthChecks(
            ServerHealth(settings: settings, parts: parts, time: time).checks, logger: logger)
        return [
            checks,
            HealthListener(
                listener, state: checks.state, logger: logger,
                onServing: { [onEvent] in await onEvent(.servingHealth(port: $0)) }),
        ]
    }

    private func apiServers(of parts: ServerParts) -> [any Service] {
        let logger = logger(for: "endpoints")
        let apis = ServerAPIs(settings: settings, parts: parts, time: time, levels: levels)
        let interceptors = apis.interceptors(logger: self.logger(for: "api"))
        return [
            APIServer(
                listener: .tls(
                    host: settings.bindAddress, port: settings.bindPort,
                    .spiffe(
                        credential: { parts.authorities.identity.credential }, bundles: { parts.bundles.current })),
                network: "tcp", services: apis.common, interceptors: interceptors, logger: logger
            ) { [onEvent] in await onEvent(.servingAgents($0)) },
            APIServer(
                listener: .unix(path: settings.socketPath, mode: 0o770, directoryMode: 0o750),
                network: "unix", services: apis.common + apis.local, interceptors: interceptors, logger: logger
            ) { [onEvent] in await onEvent(.servingOperators($0)) },
        ]
    }
}
