// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
package import ComityConfiguration
import ComityRegistry
import ComityStorage
import ComityUpstream
import SPIFFE
import SPIFFEWorkloadAPI

extension ServerSettings {
    /// - Throws: when an address in it is none.
    package init(_ configuration: ServerConfiguration, version: String = "") throws {
        let endpoint = configuration.federation.bundleEndpoint.map(BundleEndpointSettings.init)
        var authority = AuthoritySettings(trustDomain: configuration.trustDomain, configuration.authority)
        if let endpoint { authority.refreshHint = Double(endpoint.refreshHint) }
        let database: Database =
            switch configuration.dataStore {
            case .sqlite(let path): .file(path: path)
            case .memory: .temporary
            case .postgres(let postgres): .postgres(PostgresSettings(postgres))
            }
        self.init(authority: authority, dataFolder: configuration.dataDirectory, database: database)
        keys =
            switch configuration.keyManager {
            case .memory: .memory
            case .disk(let path): .disk(path: path)
            }
        upstream = try configuration.upstreamAuthority.map(Upstream.init)
        bindAddress = configuration.bindAddress
        bindPort = configuration.bindPort
        socketPath = configuration.socketPath
        adminIDs = Set(configuration.adminIDs)
        allowedMethods = configuration.authorization.allowed
        nodeAttestors = configuration.nodeAttestors
        makesAgentIDSelector = configuration.makesAgentIDSelector
        nodePruning = configuration.nodePruning.map {
            NodePruning(
                expiredFor: $0.expiredFor / .seconds(1), batchSize: Int32(clamping: $0.batchSize),
                includesNonReattestable: $0.includesNonReattestable)
        }
        limitsAttestationRate = configuration.rateLimits.limitsAttestation
        limitsSigningRate = configuration.rateLimits.limitsSigning
        bundleEndpoint = endpoint
        bundleFiles = configuration.bundleFiles.map(BundleFileSettings.init)
        bundleConfigMaps = configuration.bundleConfigMaps.map(BundleConfigMapSettings.init)
        bundleNotifiers = configuration.bundleNotifiers.map(BundleNotifierSettings.init)
        relationships = configuration.federation.relationships
        domainsWithSharedRoots = configuration.federation.domainsWithSharedRoots
        health = configuration.health
        metrics = configuration.metrics
        self.version = version
    }
}

extension ServerSettings.Upstream {
    fileprivate init(_ configuration: UpstreamAuthorityConfiguration) throws {
        switch configuration {
        case .disk(let certificatePath, let keyPath, let bundlePath):
            self = .disk(
                DiskUpstreamSettings(certificatePath: certificatePath, keyPath: keyPath, bundlePath: bundlePath))
        case .spire(let host, let port, let socket):
            self = .spire(
                SPIREUpstreamSettings(
                    host: host, port: port, workloadAPI: try WorkloadAPIAddress(unixSocketPath: socket)))
        }
    }
}

extension AuthoritySettings {
    fileprivate init(trustDomain: TrustDomain, _ configuration: AuthorityConfiguration) {
        self.init(
            trustDomain: trustDomain, authorityTTL: configuration.authorityTTL / .seconds(1),
            x509KeyType: configuration.x509KeyType, jwtKeyType: configuration.jwtKeyType,
            lifetimes: SVIDLifetimes(
                x509: configuration.x509SVIDTTL / .seconds(1), jwt: configuration.jwtSVIDTTL / .seconds(1),
                agent: configuration.agentTTL / .seconds(1)),
            jwtIssuer: configuration.jwtIssuer, caSubject: configuration.caSubject)
        disablesJWTSVIDs = configuration.disablesJWTSVIDs
        addsUniqueID = configuration.addsUniqueID
    }
}

extension PostgresSettings {
    fileprivate init(_ configuration: PostgresConfiguration) {
        self.init(connectionString: configuration.connectionString)
        maximumConnections = configuration.maximumConnections ?? maximumConnections
        maximumIdleConnections = configuration.maximumIdleConnections ?? maximumIdleConnections
        connectionLifetime = configuration.connectionLifetime
        migrates = configuration.migrates
    }
}

extension BundleFileSettings {
    fileprivate init(_ configuration: BundleFileConfiguration) {
        self.init(
            path: configuration.path,
            format: PublishedBundleFormat(
                configuration.format, keys: .jwtKeys, refreshHint: configuration.refreshHint))
    }
}

extension BundleConfigMapSettings {
    fileprivate init(_ configuration: BundleConfigMapConfiguration) {
        self.init(
            cluster: configuration.cluster, kubeconfigPath: configuration.kubeconfigPath,
            namespace: configuration.namespace, name: configuration.name, key: configuration.key,
            format: PublishedBundleFormat(
                configuration.format, keys: .allKeys, refreshHint: configuration.refreshHint))
    }
}

extension BundleNotifierSettings {
    fileprivate init(_ configuration: BundleNotifierConfiguration) {
        self.init()
        kubeconfigPath = configuration.kubeconfigPath
        namespace = configuration.namespace ?? namespace
        configMap = configuration.configMap ?? configMap
        configMapKey = configuration.configMapKey ?? configMapKey
        webhookLabel = configuration.webhookLabel
        apiServiceLabel = configuration.apiServiceLabel
    }
}

extension PublishedBundleFormat {
    /// - Parameter keys: What this publisher means by a JWK Set.
    fileprivate init(_ format: BundleFileConfiguration.Format, keys: PublishedBundleFormat, refreshHint: Duration?) {
        self =
            switch format {
            case .spiffe: .spiffe(refreshHint: refreshHint?.components.seconds)
            case .jwks: keys
            case .pem: .pem
            }
    }
}

extension BundleEndpointSettings {
    fileprivate init(_ configuration: BundleEndpointConfiguration) {
        let profile: Profile =
            switch configuration.profile {
            case .httpsSPIFFE: .httpsSPIFFE
            case .httpsWeb(let certificatePath, let keyPath, let interval):
                .httpsWeb(certificatePath: certificatePath, keyPath: keyPath, interval: interval)
            }
        self.init(
            address: configuration.address, port: configuration.port, profile: profile,
            refreshHint: configuration.refreshHint.components.seconds)
    }
}
