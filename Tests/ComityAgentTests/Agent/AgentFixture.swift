// SPDX-License-Identifier: Apache-2.0

import ComityAgent
import ComityAttestors
import ComityTesting
import ComityTransport
import ComityWorkloads
import Foundation
import GRPCCore
import Logging
import SPIFFE
import WorkloadAPIProtos

/// The folder, the settings and the Workload API of one agent, which may be run several times.
final class AgentFixture: Sendable {
    typealias API = Workload_SpiffeWorkloadAPI.Client<GRPCConnection>

    let folder: TemporaryFolder
    let log = LogRecord()

    init(trusting bundle: SPIFFEBundle) throws {
        folder = try TemporaryFolder()
        try Data(bundle.pem.utf8).write(to: URL(filePath: folder.path("bundle.pem")))
    }

    func settings(port: Int, token: String? = "one") throws -> AgentSettings {
        var settings = AgentSettings(
            trustDomain: try TrustDomain("alpha.test"), serverAddress: "127.0.0.1", serverPort: port,
            dataFolder: folder.path("data"), socketPath: folder.path("public/api.sock"),
            keyStorage: .disk(folder: folder.path("data")),
            trustBundle: .file(path: folder.path("bundle.pem"), .pem),
            nodeAttestor: token.map { JoinTokenAgentAttestor(token: $0) },
            workloadAttestors: [UnixWorkloadAttestor()])
        settings.syncInterval = 0.05
        settings.startRetry = Backoff(initial: 0.01, maximum: 0.01, maximumElapsed: 0.5)
        return settings
    }

    /// Runs an agent until it ends by itself.
    func run(_ settings: AgentSettings) async throws {
        defer { log.end() }
        let logger = Logger(label: "agent") { _ in self.log.handler }
        try await AgentProgram(settings: settings, logger: logger) { self.log.note($0) }.run()
    }

    /// Runs an agent while the body uses its Workload API.
    func withAgent<Result: Sendable>(
        _ settings: AgentSettings, _ body: (API) async throws -> Result
    ) async throws -> Result {
        log.begin()
        return try await withThrowingTaskGroup { group in
            group.addTask { [self] in try await run(settings) }
            defer { group.cancelAll() }
            do {
                try await log.waitUntilServing()
            } catch {
                // The agent's own reason tells more.
                try await group.next()
                throw error
            }
            return try await GRPCConnector.unix(path: settings.socketPath).withClient { client in
                try await body(API(wrapping: client))
            }
        }
    }
}

extension AgentFixture {
    /// Runs an agent, does something to it once it serves, and waits for it to end by itself.
    func withAgentUntilItEnds(_ settings: AgentSettings, _ body: () async throws -> Void) async throws {
        log.begin()
        try await withThrowingTaskGroup { group in
            group.addTask { [self] in try await run(settings) }
            try await log.waitUntilServing()
            try await body()
            try await group.next()
        }
    }

    /// Runs an agent against a server that the body can stop.
    func withAgentStarting<Result: Sendable>(
        _ settings: AgentSettings, with server: FakeServer,
        _ body: (API, _ stopServer: () async throws -> Void) async throws -> Result
    ) async throws -> Result {
        let (stops, stop) = AsyncStream<Void>.makeStream()
        return try await withThrowingTaskGroup { group in
            group.addTask {
                try await server.serve(port: settings.serverPort) { _ in for await _ in stops {} }
            }
            defer { group.cancelAll() }
            return try await withAgent(settings) { api in
                try await body(api) {
                    stop.finish()
                    try await group.next()
                }
            }
        }
    }
}
