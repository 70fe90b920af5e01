// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import ComityRegistry
import ComityServer
import ComityTesting
import ComityTransport
import ComityWire
import Foundation
import GRPCCore
import Logging
import SPIFFE
import ServerAPIProtos
import SwiftProtobuf

/// A real server with its operator's socket.
struct ServerFixture: Sendable {
    typealias Agent = Spire_Api_Server_Agent_V1_Agent.Client<GRPCConnection>
    typealias Bundle = Spire_Api_Server_Bundle_V1_Bundle.Client<GRPCConnection>
    typealias Entries = Spire_Api_Server_Entry_V1_Entry.Client<GRPCConnection>
    typealias LocalAuthority = Spire_Api_Server_Localauthority_V1_LocalAuthority.Client<GRPCConnection>

    let trustDomain: TrustDomain
    let port: Int
    private let client: GRPCClient<GRPCConnection>

    var agents: Agent { Agent(wrapping: client) }
    var bundles: Bundle { Bundle(wrapping: client) }
    var entries: Entries { Entries(wrapping: client) }
    var authorities: LocalAuthority { LocalAuthority(wrapping: client) }

    static func with<Result: Sendable>(_ body: @Sendable (ServerFixture) async throws -> Result) async throws -> Result
    {
        let folder = try TemporaryFolder()
        let trustDomain = try TrustDomain("alpha.test")
        var settings = ServerSettings(
            authority: AuthoritySettings(trustDomain: trustDomain), dataFolder: folder.path("data"),
            database: .file(path: folder.path("data/datastore.sqlite3")))
        settings.bindAddress = "127.0.0.1"
        settings.bindPort = 0
        settings.socketPath = folder.path("admin.sock")
        settings.limitsAttestationRate = false
        let (events, event) = AsyncStream<ServerEvent>.makeStream()
        let program = ServerProgram(
            settings: settings, logger: Logger(label: "server") { _ in SwiftLogNoOpLogHandler() }
        ) { event.yield($0) }
        let socketPath = settings.socketPath
        return try await withThrowingTaskGroup { group in
            group.addTask {
                defer { event.finish() }
                try await program.run()
            }
            defer { group.cancelAll() }
            guard let port = await agentPort(events) else {
                try await group.next()
                throw CancellationError()
            }
            return try await GRPCConnector.unix(path: socketPath).withClient { client in
                try await body(ServerFixture(trustDomain: trustDomain, port: port, client: client))
            }
        }
    }

    /// Known once both listeners serve.
    private static func agentPort(_ events: AsyncStream<ServerEvent>) async -> Int? {
        var port: Int?
        var servesOperators = false
        for await event in events {
            switch event {
            case .servingAgents(let address): port = address.port
            case .servingOperators: servesOperators = true
            case .servingBundle, .servingHealth, .servingMetrics: continue
            }
            if let port, servesOperators { return port }
        }
        return nil
    }

    func ownBundle() async throws -> SPIFFEBundle {
        try BundleRecord(received: try await bundles.getBundle(.init())).bundle
    }

    func joinToken(ttl: Int32 = 600) async throws -> String {
        try await agents.createJoinToken(.with { $0.ttl = ttl }).value
    }

    /// Creates entries for this process under the agent that came with a token; answers with their IDs.
    @discardableResult func createEntries(
        _ paths: [String], under token: String, federatesWith: [String] = [], hint: String = "",
        selector: (type: String, value: String)? = nil
    ) async throws -> [String] {
        let answer = try await entries.batchCreateEntry(
            .with { message in
                message.entries = paths.map { path in
                    .with {
                        $0.spiffeID = .with {
                            $0.trustDomain = trustDomain.name
                            $0.path = path
                        }
                        $0.parentID = .with {
                            $0.trustDomain = trustDomain.name
                            $0.path = "/spire/agent/join_token/\(token)"
                        }
                        $0.selectors = [
                            .with {
                                $0.type = selector?.type ?? "unix"
                                $0.value = selector?.value ?? "uid:\(geteuid())"
                            }
                        ]
                        $0.federatesWith = federatesWith
                        $0.hint = hint
                    }
                }
            })
        return try answer.results.map { result in
            guard result.status.code == 0 else {
                throw RPCError(code: .unknown, message: result.status.message)
            }
            return result.entry.id
        }
    }
}
