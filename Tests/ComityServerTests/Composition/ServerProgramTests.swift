// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityServer
import ComityTelemetry
import ComityTesting
import ComityTransport
import Foundation
import GRPCCore
import GRPCProtobuf
import Logging
import SPIFFE
import ServerAPIProtos
import ServiceLifecycle
import SwiftProtobuf
import Testing
import X509

@Suite struct ServerProgramTests {
    @Test func keepsItsAuthoritiesOverARestart() async throws {
        try await ServerFixture.withFolder { folder in
            var settings = try ServerFixture.settings(folder: folder)
            settings.keys = .disk(path: "\(folder)/data/keys.json")
            let before = try await ServerFixture.with(settings) { try await $0.bundle() }
            let after = try await ServerFixture.with(settings) { try await $0.bundle() }
            #expect(before.x509Authorities.count == 1)
            #expect(before == after)
        }
    }

    @Test func presentsAnIdentityOfTheNewAuthorityOnceItIsActive() async throws {
        try await ServerFixture.with { server in
            let old = try await server.bundle()
            let agent = try await TestAgent().attest(try await server.joinToken(), to: server)
            try await server.operate { client in
                let authorities = ServerFixture.LocalAuthority(wrapping: client)
                let prepared = try await authorities.prepareX509Authority(.init()).preparedAuthority
                _ = try await authorities.activateX509Authority(.with { $0.authorityID = prepared.authorityID })
            }
            let new = try await server.bundle()
            #expect(new.x509Authorities.count == 2)
            // Believes the new authority only: reaches the server as soon as it presents a certificate of that.
            let onlyNew = SPIFFEBundle(
                trustDomain: server.trustDomain,
                x509Authorities: new.x509Authorities.filter { !old.x509Authorities.contains($0) })
            let connector = GRPCConnector.tls(
                host: "127.0.0.1", port: server.port,
                .spiffe(
                    bundles: { BundleSet([onlyNew]) }, authorizer: .id(.server(of: server.trustDomain))))
            while (try? await connector.withClient { try await ServerFixture.Bundle(wrapping: $0).getBundle(.init()) })
                == nil
            {
                try await Task.sleep(for: .milliseconds(50))
            }
            // An agent of the old authority is still one.
            try await server.call(as: agent) {
                _ = try await ServerFixture.Agent(wrapping: $0).postStatus(.init())
            }
        }
    }

    @Test(.timeLimit(.minutes(1))) func stopsWhenAskedThoughAClientStays() async throws {
        try await ServerFixture.withFolder { folder in
            let settings = try ServerFixture.settings(folder: folder)
            let (events, continuation) = AsyncStream.makeStream(of: ServerEvent.self)
            let log = RecordedLog()
            let program = ServerProgram(settings: settings, logger: log.logger()) { continuation.yield($0) }
            let group = ServiceGroup(services: [program], logger: Logger(label: "test"))
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { try await group.run() }
                for await event in events {
                    if case .servingOperators = event { break }
                }
                try await GRPCConnector.unix(path: settings.socketPath).withClient { client in
                    _ = try await ServerFixture.Bundle(wrapping: client).getBundle(.init())
                    await group.triggerGracefulShutdown()
                    // Ends by itself, without having been cut off.
                    try? await tasks.next()
                }
            }
            #expect(log.lines("Starting Server APIs").count == 2)
            #expect(log.lines("Server APIs have stopped").count == 2)
            #expect(log.lines("Server stopped gracefully").count == 1)
            #expect(!FileManager.default.fileExists(atPath: settings.socketPath))
        }
    }

    @Test func namesTheFolderThatItCannotMake() async throws {
        try await ServerFixture.withFolder { folder in
            var settings = try ServerFixture.settings(folder: folder)
            let file = "\(folder)/file"
            try Data().write(to: URL(fileURLWithPath: file))
            settings.dataFolder = "\(file)/data"
            let broken = settings
            let error = await #expect(throws: ServerError.self) { try await ServerFixture.with(broken) { _ in } }
            #expect(error?.code == .dataFolder)
            #expect(error?.message.contains("\(file)/data") == true && error?.message.contains("data_dir") == true)
        }
    }

    @Test func namesTheSocketThatIsTakenAndStops() async throws {
        try await ServerFixture.with { server in
            try await ServerFixture.withFolder { folder in
                var settings = try ServerFixture.settings(folder: folder)
                settings.socketPath = server.settings.socketPath
                let second = settings
                let error = await #expect(throws: TransportError.self) { try await ServerFixture.with(second) { _ in } }
                #expect(error?.code == .socketBusy)
            }
            _ = try await server.bundle()
        }
    }

    @Test func saysNothingButWhyItCannotStart() async throws {
        try await ServerFixture.with { server in
            try await ServerFixture.withFolder { folder in
                var settings = try ServerFixture.settings(folder: folder)
                settings.socketPath = server.settings.socketPath
                settings.bundleEndpoint = BundleEndpointSettings(address: "127.0.0.1", port: 0, refreshHint: 300)
                settings.relationships = [
                    FederationRelationship(
                        trustDomain: try TrustDomain("other.test"), bundleEndpointURL: "https://127.0.0.1:1",
                        profile: .httpsWeb)
                ]
                let log = RecordedLog()
                let second = settings
                await #expect(throws: TransportError.self) { try await ServerFixture.with(second, log: log) { _ in } }
                let complaints = log.lines.filter { $0.level >= .warning && $0.message != "Error updating bundle" }
                #expect(complaints.map(\.message) == [])
                #expect(!log.lines.contains { "\($0)".contains("CancellationError") })
            }
        }
    }

    @Test func namesThePortThatIsTakenAndStops() async throws {
        try await ServerFixture.with { server in
            try await ServerFixture.withFolder { folder in
                var settings = try ServerFixture.settings(folder: folder)
                settings.bindPort = server.port
                let second = settings
                let error = await #expect(throws: TransportError.self) { try await ServerFixture.with(second) { _ in } }
                #expect(error?.code == .addressTaken)
            }
        }
    }

    @Test func tellsByHTTPThatItCanDoItsWork() async throws {
        try await ServerFixture.with {
            $0.health = HealthListenerSettings(address: "127.0.0.1", port: 0)
            $0.database = .temporary
        } _: { server in
            let port = try #require(server.healthPort)
            for path in ["live", "ready"] {
                var answer = ""
                // The checks run for the first time right after the start.
                while !answer.hasSuffix("200") {
                    answer = try await ToolCommand.run(
                        "curl", ["-s", "-w", "%{http_code}", "http://127.0.0.1:\(port)/\(path)"]
                    ).output
                }
                let healthy = """
                    {"catalog.datastore":{},"server":{},"server.ca":{},"server.ca.rotator":{}}

                    """
                #expect(answer == "\(healthy)200")
            }
            let files = try FileManager.default.contentsOfDirectory(atPath: server.settings.dataFolder)
            #expect(files.contains { $0.hasPrefix("temporary-") })
        }
    }

    @Test func leavesNoTemporaryDatabaseBehind() async throws {
        try await ServerFixture.withFolder { folder in
            var settings = try ServerFixture.settings(folder: folder)
            settings.database = .temporary
            try await ServerFixture.with(settings) { _ = try await $0.bundle() }
            #expect(try FileManager.default.contentsOfDirectory(atPath: settings.dataFolder).isEmpty)
        }
    }

    @Test func tellsTheOperatorHowItIs() async throws {
        try await ServerFixture.with { server in
            let info = try await server.operate { client in
                try await Spire_Api_Server_Debug_V1_Debug.Client(wrapping: client).getInfo(.init())
            }
            // Its own SVID and the root above it.
            #expect(info.svidChain.map { $0.hasID ? $0.id.path : "none" } == ["/spire/server", ""])
            #expect(info.svidChain.first?.subject == "O=SPIRE,C=US")
            #expect(info.svidChain.last?.subject.hasPrefix("SERIALNUMBER=") == true)
            #expect(info.agentsCount == 0)
            #expect(info.entriesCount == 0)
            #expect(info.federatedBundlesCount == 1)
        }
    }

    @Test func operatorMovesTheLogLevelAndBack() async throws {
        try await ServerFixture.with { server in
            try await server.operate { client in
                let logger = Spire_Api_Server_Logger_V1_Logger.Client(wrapping: client)
                let set = try await logger.setLogLevel(.with { $0.newLevel = .error })
                #expect(set.currentLevel == .error)
                #expect(try await logger.getLogger(.init()) == set)
                #expect(try await logger.resetLogLevel(.init()).currentLevel == set.launchLevel)
                let error = await #expect(throws: RPCError.self) {
                    try await logger.setLogLevel(.with { $0.newLevel = .unspecified })
                }
                #expect(error?.message == "newLevel value cannot be LogLevel_UNSPECIFIED")
            }
        }
    }
}
