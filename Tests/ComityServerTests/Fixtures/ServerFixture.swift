// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityServer
import ComityTesting
import ComityTransport
import Foundation
import GRPCCore
import SPIFFE
import ServerAPIProtos
import SwiftProtobuf
import Synchronization
import Testing

/// A whole server in this process: real sockets, a real database, a folder of its own.
///
/// ```swift
/// try await ServerFixture.with { server in
///     let count = try await server.operate { try await Agent(wrapping: $0).countAgents(.init()) }
/// }
/// ```
struct ServerFixture: Sendable {
    typealias Agent = Spire_Api_Server_Agent_V1_Agent.Client<GRPCConnection>
    typealias Bundle = Spire_Api_Server_Bundle_V1_Bundle.Client<GRPCConnection>
    typealias Entry = Spire_Api_Server_Entry_V1_Entry.Client<GRPCConnection>
    typealias LocalAuthority = Spire_Api_Server_Localauthority_V1_LocalAuthority.Client<GRPCConnection>
    typealias SVID = Spire_Api_Server_Svid_V1_SVID.Client<GRPCConnection>

    let settings: ServerSettings
    /// The port that agents connect to.
    let port: Int
    /// The port of the health checks, if there are any.
    let healthPort: Int?

    var trustDomain: TrustDomain { settings.trustDomain }

    /// A folder with a short path, so that sockets fit into it.
    static func withFolder<Result>(_ body: (String) async throws -> Result) async throws -> Result {
        let folder = "/tmp/cs-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return try await body(folder)
    }

    static func settings(folder: String) throws -> ServerSettings {
        var settings = ServerSettings(
            authority: AuthoritySettings(trustDomain: try TrustDomain("example.org")), dataFolder: "\(folder)/data",
            database: .file(path: "\(folder)/data/datastore.sqlite3"))
        settings.bindAddress = "127.0.0.1"
        settings.bindPort = 0
        settings.socketPath = "\(folder)/api.sock"
        settings.limitsAttestationRate = false
        return settings
    }

    /// Runs a server of its own for as long as `body` runs.
    static func with<Result: Sendable>(
        time: ServerTime = .system, log: RecordedLog = RecordedLog(),
        _ change: (inout ServerSettings) throws -> Void = { _ in },
        _ body: (ServerFixture) async throws -> Result
    ) async throws -> Result {
        try await withFolder { folder in
            var settings = try settings(folder: folder)
            try change(&settings)
            return try await with(settings, time: time, log: log, body)
        }
    }

    /// Runs a server with these settings for as long as `body` runs.
    static func with<Result: Sendable>(
        _ settings: ServerSettings, time: ServerTime = .system, log: RecordedLog = RecordedLog(),
        _ body: (ServerFixture) async throws -> Result
    ) async throws -> Result {
        let (events, continuation) = AsyncStream.makeStream(of: ServerEvent.self)
        let program = ServerProgram(settings: settings, time: time, logger: log.logger()) { continuation.yield($0) }
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { continuation.finish() }
                try await program.run()
            }
            defer { group.cancelAll() }
            guard let ports = await ports(events, of: settings) else {
                try await group.next()
                throw CancellationError()
            }
            return try await body(
                ServerFixture(settings: settings, port: ports.agents, healthPort: ports.health))
        }
    }

    /// Waits until everything is served; `nil` when the server ended before.
    private static func ports(
        _ events: AsyncStream<ServerEvent>, of settings: ServerSettings
    ) async -> (agents: Int, health: Int?)? {
        var agents: Int?
        var health: Int?
        var isOperable = false
        for await event in events {
            switch event {
            case .servingAgents(let address): agents = address.port
            case .servingOperators: isOperable = true
            case .servingHealth(let port): health = port
            case .servingBundle, .servingMetrics: break
            }
            if isOperable, let agents, settings.health == nil || health != nil { return (agents, health) }
        }
        return nil
    }

    // MARK: - Callers

    /// Calls as the operator at the socket.
    func operate<Result: Sendable>(_ body: (GRPCClient<GRPCConnection>) async throws -> Result) async throws -> Result {
        try await GRPCConnector.unix(path: settings.socketPath, callTimeout: .seconds(30)).withClient(body)
    }

    /// Calls at the port, with a client certificate or without.
    ///
    /// - Parameter bundle: what the server is verified by; as it is now when left out.
    func call<Result: Sendable>(
        as credential: X509Credential? = nil, trusting bundle: SPIFFEBundle? = nil,
        _ body: (GRPCClient<GRPCConnection>) async throws -> Result
    ) async throws -> Result {
        let trusted = if let bundle { bundle } else { try await self.bundle() }
        let bundles = BundleSet([trusted])
        return try await GRPCConnector.tls(
            host: "127.0.0.1", port: port,
            .spiffe(
                bundles: { bundles }, authorizer: .id(.server(of: trustDomain)), credential: { credential }),
            callTimeout: .seconds(30)
        ).withClient(body)
    }

    /// The own bundle as the server gives it to an operator.
    func bundle() async throws -> SPIFFEBundle {
        let proto = try await operate { try await Bundle(wrapping: $0).getBundle(.init()) }
        return SPIFFEBundle(
            trustDomain: trustDomain,
            x509Authorities: try proto.x509Authorities.map { try X509Authority(derBytes: Array($0.asn1)) })
    }
}
