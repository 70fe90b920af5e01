// SPDX-License-Identifier: Apache-2.0

import ComityAttestation
import ComityAttestors
import ComityAuthority
package import ComityConfiguration
import ComityKeys
import ComityWorkloads
import FoundationEssentials
import Glibc
import SPIFFE
import SPIFFEWorkloadAPI

extension AgentSettings {
    /// The longest file that is read for a join token, in bytes.
    private static let maximumTokenSize = 4096

    /// Reads what the configuration refers to, such as the join token's file.
    ///
    /// - Throws: ``AgentError`` with code `configuration`.
    package init(_ configuration: AgentConfiguration, version: String) throws(AgentError) {
        let token = try configuration.joinToken.map { source throws(AgentError) in try Self.text(of: source) }
        self.init(
            trustDomain: configuration.trustDomain, serverAddress: configuration.serverAddress,
            serverPort: configuration.serverPort, dataFolder: configuration.dataDirectory,
            socketPath: configuration.socketPath, keyStorage: KeyStorage(configuration.keyManager),
            trustBundle: TrustBundleSource(configuration.trustBundle),
            nodeAttestor: token.map { JoinTokenAgentAttestor(token: $0) }
                ?? configuration.nodeAttestor.flatMap(Self.nodeAttestor),
            workloadAttestors: configuration.workloadAttestors.map(Self.workloadAttestor))
        rebootstrap = configuration.rebootstrap
        if rebootstrap.mode != .never { startRetry = .startWithRebootstrap }
        syncInterval = configuration.syncInterval / .seconds(1)
        workloadKeyType = configuration.workloadKeyType
        rotationAvailability = configuration.availabilityTarget.map { $0 / .seconds(1) }
        x509SVIDCacheSize = configuration.x509SVIDCacheSize
        jwtSVIDCacheSize = configuration.jwtSVIDCacheSize
        allowsUnauthenticatedVerifiers = configuration.allowsUnauthenticatedVerifiers
        allowedForeignJWTClaims = Set(configuration.allowedForeignJWTClaims)
        workloadRates = configuration.workloadRates
        servesWorkloadAPI = configuration.servesWorkloadAPI
        hasPublicSocket = configuration.hasPublicSocket
        adminSocketPath = configuration.adminSocketPath
        authorizedDelegates = Set(configuration.authorizedDelegates)
        health = configuration.health
        metrics = configuration.metrics
        self.version = version
    }

    /// Nil when the method needs more than its own settings, such as a join token.
    private static func nodeAttestor(_ settings: AgentNodeAttestorSettings) -> (any AgentNodeAttestor)? {
        switch settings {
        case .joinToken: nil
        case .x509pop(.files(let certificatePath, let keyPath, let intermediatesPath)):
            X509PopAgentAttestor(
                certificatePath: certificatePath, keyPath: keyPath, intermediatesPath: intermediatesPath)
        case .sshpop(let settings): SSHPopAgentAttestor(settings)
        case .httpChallenge(let settings): HTTPChallengeAgentAttestor(settings)
        case .kubernetesToken(let settings): PSATAgentAttestor(settings)
        case .x509pop(.workloadAPI(let address)):
            X509PopAgentAttestor {
                let client = WorkloadAPIClient(address: try WorkloadAPIAddress(address))
                let credentials = try await client.fetchX509Context().credentials
                guard let credential = credentials.first else {
                    throw AttestationError(.unavailable, "Workload API at \(address) gave no X509-SVID")
                }
                return X509PopAgentAttestor.Identity(
                    certificates: credential.certificates, privateKey: credential.privateKey)
            }
        }
    }

    private static func workloadAttestor(_ settings: WorkloadAttestorSettings) -> any WorkloadAttestor {
        // Where the host's processes are mounted, when the agent runs in a container.
        let procRoot = environment("HOST_PROC") ?? "/proc"
        return switch settings {
        case .unix(let settings): UnixWorkloadAttestor(options: settings, procRoot: procRoot)
        case .docker(let settings): DockerWorkloadAttestor(settings, procRoot: procRoot)
        case .kubernetes(let settings):
            KubernetesWorkloadAttestor(
                settings, nodeName: environment(settings.nodeNameVariable), procRoot: procRoot)
        case .systemd: SystemdWorkloadAttestor(busPath: systemBus ?? SystemdWorkloadAttestor.systemBus)
        }
    }

    /// From the variable that all programs of D-Bus know; only sockets can be used.
    private static var systemBus: String? {
        guard let address = environment("DBUS_SYSTEM_BUS_ADDRESS"), address.hasPrefix("unix:path=") else { return nil }
        return String(address.dropFirst("unix:path=".count).prefix { $0 != "," && $0 != ";" })
    }

    private static func environment(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }

    private static func text(of token: AgentConfiguration.JoinToken) throws(AgentError) -> String {
        let path: String
        switch token {
        case .value(let value): return value
        case .file(let file): path = file
        }
        let content: [UInt8]?
        do throws(AuthorityError) {
            content = try PrivateFile(path: path, kind: "join token file").read(atMost: maximumTokenSize)
        } catch {
            throw AgentError(.configuration, error.message, cause: error.cause)
        }
        guard let content else {
            throw AgentError(.configuration, "join token file \"\(path)\" does not exist; set join_token_file")
        }
        let text = String(decoding: content, as: UTF8.self)
        guard let start = text.firstIndex(where: { !$0.isWhitespace }),
            let end = text.lastIndex(where: { !$0.isWhitespace })
        else {
            throw AgentError(.configuration, "join token file \"\(path)\" is empty")
        }
        return String(text[start...end])
    }
}

extension AgentSettings.KeyStorage {
    fileprivate init(_ configuration: KeyManagerConfiguration) {
        switch configuration {
        case .memory: self = .memory
        case .disk(let path): self = .disk(folder: path)
        }
    }
}

extension TrustBundleSource {
    fileprivate init(_ configuration: TrustBundleConfiguration) {
        func format(_ format: TrustBundleConfiguration.Format) -> BundleFormat {
            switch format {
            case .pem: .pem
            case .spiffe: .spiffe
            }
        }
        switch configuration {
        case .file(let path, let name): self = .file(path: path, format(name))
        case .url(let url, let name): self = .url(url, format(name))
        case .unixSocket(let path, let url, let name): self = .unixSocket(path: path, url: url, format(name))
        case .workloadAPI(let address): self = .workloadAPI(address: address)
        case .insecure: self = .insecure
        }
    }
}
