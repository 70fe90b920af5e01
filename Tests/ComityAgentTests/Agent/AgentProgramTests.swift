// SPDX-License-Identifier: Apache-2.0

import ComityAgent
import ComityRegistry
import ComityTelemetry
import ComityTesting
import ComityTransport
import ComityWorkloads
import Foundation
import GRPCCore
import GRPCProtobuf
import Logging
import SPIFFE
import ServerAPIProtos
import ServiceLifecycle
import SwiftProtobuf
import Testing
import WorkloadAPIProtos
import X509

/// The agent against a server that misbehaves.
@Suite(.timeLimit(.minutes(2))) struct AgentProgramTests {
    private let server: FakeServer
    private let agent: AgentFixture

    init() throws {
        server = try FakeServer()
        agent = try AgentFixture(trusting: try server.ca.bundle)
        let entry = try Self.entry("a")
        server.change { $0.entries = [entry] }
    }

    @Test func attestsSyncsSignsAndServes() async throws {
        try await server.serve { port in
            try await agent.withAgent(try agent.settings(port: port)) { api in
                let response = try await firstSVIDs(api)
                #expect(response.svids.map(\.spiffeID) == ["spiffe://alpha.test/a"])
                let credential = try X509Credential(
                    concatenatedDER: Array(response.svids[0].x509Svid),
                    privateKeyDER: Array(response.svids[0].x509SvidKey))
                let svid = try UnverifiedX509SVID(certificates: credential.certificates)
                    .verified(by: try server.ca.bundles, at: Date())
                #expect(svid.id.uri == "spiffe://alpha.test/a")
            }
        }
    }

    @Test func withoutAnyPublicAPIThereIsNoPublicSocket() async throws {
        try await server.serve { port in
            var settings = try agent.settings(port: port)
            settings.servesWorkloadAPI = false
            settings.hasPublicSocket = false
            settings.adminSocketPath = agent.folder.path("private/admin.sock")
            try await agent.withAgent(settings) { _ in
                try await agent.log.wait(for: "info Starting Admin APIs")
                #expect(!FileManager.default.fileExists(atPath: settings.socketPath))
                #expect(FileManager.default.fileExists(atPath: agent.folder.path("private/admin.sock")))
            }
        }
    }

    @Test func startsAnewWithWhatItKept() async throws {
        try await server.serve { port in
            try await agent.withAgent(try agent.settings(port: port)) { _ = try await firstSVIDs($0) }
            // Another run without a token, and another bundle file that nobody should look at.
            try Data().write(to: URL(filePath: agent.folder.path("bundle.pem")))
            try await agent.withAgent(try agent.settings(port: port, token: nil)) { _ = try await firstSVIDs($0) }

            #expect(server.counts.attestations == 1)
            #expect(server.counts.serials.count == 1)
        }
    }

    @Test("S50: while the server is away everything that is valid goes on, and news come when it is back")
    func goesOnWithoutServer() async throws {
        let settings = try await server.serve { try agent.settings(port: $0) }
        try await agent.withAgentStarting(settings, with: server) { api, stopServer in
            let before = try await firstSVIDs(api)
            let token = try await fetchToken(api)
            try await stopServer()
            try await agent.log.wait(for: "error Synchronize failed")

            let (after, sameToken) = (try await firstSVIDs(api), try await fetchToken(api))
            #expect(after == before)
            #expect(sameToken == token)

            let entry = try Self.entry("b")
            server.change { $0.entries.append(entry) }
            try await api.fetchX509SVID(.init(), metadata: ["workload.spiffe.io": "true"]) { response in
                try await server.serve(port: settings.serverPort) { _ in
                    for try await message in response.messages where message.svids.count == 2 { return }
                }
            }
        }
    }

    @Test func deniedAttestationIsFatalAtOnce() async throws {
        server.change { $0.attestationRefusal = RPCError(code: .permissionDenied, message: "agent is banned") }
        try await server.serve { port in
            var settings = try agent.settings(port: port)
            settings.startRetry = .start

            let error = await #expect(throws: RPCError.self) { try await agent.run(settings) }

            #expect(error?.code == .permissionDenied)
            #expect(server.counts.attestations == 1)
            #expect(!agent.log.lines.contains("warning Failed to retrieve attestation result"))
        }
    }

    @Test func failedAttestationIsRepeated() async throws {
        server.change {
            $0.attestationRefusal = RPCError(code: .unavailable, message: "not now")
            $0.refusedAttestations = 3
        }
        try await server.serve { port in
            var settings = try agent.settings(port: port)
            settings.startRetry = Backoff(initial: 0.01, maximum: 0.01)
            try await agent.withAgent(settings) { _ = try await firstSVIDs($0) }

            #expect(server.counts.attestations == 4)
            #expect(agent.log.lines.contains("warning Failed to retrieve attestation result"))
        }
    }

    @Test func failedAttestationIsGivenUpWithTheServersReason() async throws {
        server.change { $0.attestationRefusal = RPCError(code: .invalidArgument, message: "join token expired") }
        try await server.serve { port in
            let error = await #expect(throws: RPCError.self) {
                try await agent.run(try agent.settings(port: port))
            }
            #expect(error?.message == "join token expired")
        }
    }

    @Test func forgedBundleNeverSeesTheToken() async throws {
        let forged = try TestCA("alpha.test").bundle.pem
        try Data(forged.utf8).write(to: URL(filePath: agent.folder.path("bundle.pem")))
        try await server.serve { port in
            let error = await #expect(throws: RPCError.self) {
                try await agent.run(try agent.settings(port: port))
            }

            #expect(error?.code == .unavailable)
            #expect(server.counts.attestations == 0)
            #expect(storedCertificates() == 0)
        }
    }

    @Test func insecureBootstrapBelievesOnceAndThenNoOtherServer() async throws {
        let port = try await server.serve { port in
            var settings = try agent.settings(port: port)
            settings.trustBundle = .insecure
            try await agent.withAgent(settings) { _ = try await firstSVIDs($0) }
            #expect(
                agent.log.lines.contains("warning Insecure bootstrap enabled; skipping server certificate verification")
            )
            return port
        }
        let impostor = try FakeServer()
        try await impostor.serve(port: port) { port in
            var settings = try agent.settings(port: port)
            settings.trustBundle = .insecure
            await #expect(throws: RPCError.self) { try await agent.run(settings) }
            #expect(impostor.counts == FakeServer.Calls())
        }
    }

    @Test func bannedAgentGivesUpItsSVIDAndEnds() async throws {
        try await server.serve { port in
            let settings = try agent.settings(port: port)
            await #expect(throws: AgentError(.shutdown, "")) {
                try await agent.withAgentUntilItEnds(settings) {
                    server.change { $0.refusal = Self.denial(.agentBanned) }
                }
            }
            #expect(agent.log.lines.contains("warning Agent is banned: removing SVID and shutting down"))
            #expect(storedCertificates() == 0)
        }
    }

    @Test(arguments: [
        Spire_Api_Types_PermissionDeniedDetails.Reason.agentExpired, .agentNotAttested, .agentNotActive,
        .agentMustReattest,
    ])
    func unknownAgentAttestsAgainWhereItCan(reason: Spire_Api_Types_PermissionDeniedDetails.Reason) async throws {
        server.change { $0.canReattest = true }
        try await server.serve { port in
            try await agent.withAgent(try agent.settings(port: port)) { _ in
                server.change { $0.refusal = Self.denial(reason) }
                try await agent.log.wait(for: "Agent needs to re-attest; will attempt to re-attest")
                server.change { $0.refusal = nil }
                while server.counts.serials.count < 2 { await Task.yield() }
            }
            #expect(server.counts.attestations >= 2)
        }
    }

    @Test func unknownAgentThatCannotAttestAgainEnds() async throws {
        try await server.serve { port in
            let settings = try agent.settings(port: port)
            await #expect(throws: AgentError(.shutdown, "")) {
                try await agent.withAgentUntilItEnds(settings) {
                    server.change { $0.refusal = Self.denial(.agentNotAttested) }
                }
            }
            #expect(agent.log.lines.contains("error Agent failed re-attestation; removing SVID and shutting down"))
            #expect(storedCertificates() == 0)
            #expect(server.counts.attestations == 1)
        }
    }

    @Test func refusedAtStartGivesUpItsSVIDAndEnds() async throws {
        try await server.serve { port in
            try await agent.withAgent(try agent.settings(port: port)) { _ = try await firstSVIDs($0) }
            server.change { $0.refusal = Self.denial(.agentNotAttested) }

            let settings = try agent.settings(port: port)
            await #expect(throws: AgentError(.shutdown, "")) { try await agent.run(settings) }

            #expect(agent.log.lines.contains("error Agent needs to re-attest: removing SVID and shutting down"))
            #expect(storedCertificates() == 0)
        }
    }

    @Test("denials that say nothing of the agent change nothing")
    func otherDenialsAreErrorsLikeOthers() async throws {
        try await server.serve { port in
            try await agent.withAgent(try agent.settings(port: port)) { api in
                _ = try await firstSVIDs(api)
                server.change { $0.refusal = RPCError(code: .permissionDenied, message: "no") }
                try await agent.log.wait(for: "error Synchronize failed")
                _ = try await firstSVIDs(api)
            }
            #expect(storedCertificates() == 1)
        }
    }

    @Test func ownSVIDIsRenewedAndTheNewOneUsed() async throws {
        server.change { $0.agentLifetime = 2 }
        try await server.serve { port in
            try await agent.withAgent(try agent.settings(port: port)) { _ in
                while server.counts.serials.count < 3 { await Task.yield() }
            }
            #expect(server.counts.renewals >= 2)
            #expect(server.counts.attestations == 1)
        }
    }

    @Test func workloadSVIDIsRenewedOnAnOpenStream() async throws {
        server.change { $0.workloadLifetime = 2 }
        try await server.serve { port in
            try await agent.withAgent(try agent.settings(port: port)) { api in
                try await api.fetchX509SVID(.init(), metadata: ["workload.spiffe.io": "true"]) { response in
                    var messages = response.messages.makeAsyncIterator()
                    var keys: Set<Data> = []
                    for _ in 0..<3 { keys.insert(try await messages.next()?.svids.first?.x509SvidKey ?? Data()) }
                    #expect(keys.count == 3)
                }
            }
        }
    }

    @Test func entryThatIsSignedWronglyHoldsUpNobody() async throws {
        let other = try Self.entry("b")
        server.change {
            $0.entries.append(other)
            $0.garbledEntries = ["a"]
        }
        try await server.serve { port in
            try await agent.withAgent(try agent.settings(port: port)) { api in
                let response = try await firstSVIDs(api)
                #expect(response.svids.map(\.spiffeID) == ["spiffe://alpha.test/b"])
            }
        }
    }

    @Test func stopsAtOnceWhenAskedAlthoughStreamsAreOpen() async throws {
        try await server.serve { port in
            let settings = try agent.settings(port: port)
            let logger = Logger(label: "agent") { _ in agent.log.handler }
            let group = ServiceGroup(
                configuration: .init(
                    services: [AgentProgram(settings: settings, logger: logger) { agent.log.note($0) }],
                    logger: logger))
            try await withThrowingTaskGroup { tasks in
                tasks.addTask { try await group.run() }
                try await agent.log.waitUntilServing()
                try await GRPCConnector.unix(path: settings.socketPath).withClient { client in
                    let error = await #expect(throws: RPCError.self) {
                        try await AgentFixture.API(wrapping: client).fetchX509SVID(
                            .init(), metadata: ["workload.spiffe.io": "true"]
                        ) { response in
                            for try await _ in response.messages { await group.triggerGracefulShutdown() }
                        }
                    }
                    #expect(error?.code == .unavailable)
                    #expect(error?.message == "agent is shutting down")
                }
                try await tasks.waitForAll()
            }
            #expect(agent.log.lines.contains("info Agent stopped"))
        }
    }

    @Test func socketOfAnotherAgentIsLeftAlone() async throws {
        server.change { $0.canReattest = true }
        try await server.serve { port in
            let settings = try agent.settings(port: port)
            try await agent.withAgent(settings) { api in
                let other = try AgentFixture(trusting: try server.ca.bundle)
                var taken = try other.settings(port: port)
                taken.socketPath = settings.socketPath
                let final = taken

                let error = await #expect(throws: TransportError.self) { try await other.run(final) }

                #expect(error?.code == .socketBusy)
                #expect(error?.message.contains(settings.socketPath) == true)
                _ = try await firstSVIDs(api)
            }
        }
    }

    @Test func healthIsServedByHTTP() async throws {
        try await server.serve { serverPort in
            var settings = try agent.settings(port: serverPort)
            settings.health = HealthListenerSettings(port: 0)
            try await agent.withAgent(settings) { _ in
                let port = try await agent.log.healthPort()
                #expect(try await health(port, "ready", until: "200") == #"{"agent":{}}"# + "\n200")
            }
        }
    }

    @Test("§8.2: an agent without its server is alive, and not ready before it can do its work")
    func isAliveAndNotReadyWhileItStarts() async throws {
        server.change { $0.attestationRefusal = RPCError(code: .unavailable, message: "not now") }
        try await server.serve { serverPort in
            var settings = try agent.settings(port: serverPort)
            settings.health = HealthListenerSettings(port: 0)
            settings.startRetry = Backoff(initial: 0.05, maximum: 0.05)
            let starting = settings
            try await withThrowingTaskGroup { group in
                group.addTask { try await agent.run(starting) }
                let port = try await agent.log.healthPort()
                let body = #"{"agent":{"make_new_x509_err":"agent is starting"}}"# + "\n"
                #expect(try await health(port, "live", until: "200") == "\(body)200")
                #expect(try await health(port, "ready", until: "500") == "\(body)500")

                server.change { $0.attestationRefusal = nil }

                #expect(try await health(port, "ready", until: "200") == #"{"agent":{}}"# + "\n200")
                group.cancelAll()
            }
        }
    }

    // MARK: - Private

    /// The body and the status, once the status is as wanted: a check may not have run yet.
    private func health(_ port: Int, _ path: String, until status: String) async throws -> String {
        while true {
            let answer = try await ToolCommand.run(
                "curl", ["-s", "-w", "%{http_code}", "http://127.0.0.1:\(port)/\(path)"]
            ).output
            if answer.hasSuffix(status), !answer.contains("null") { return answer }
        }
    }

    private static func entry(_ id: String) throws -> Entry {
        Entry(
            id: id, spiffeID: try SPIFFEID("spiffe://alpha.test/\(id)"),
            parentID: try SPIFFEID("spiffe://alpha.test/spire/agent/join_token/one"),
            selectors: [try Selector("unix:uid:\(geteuid())")])
    }

    private static func denial(_ reason: Spire_Api_Types_PermissionDeniedDetails.Reason) -> RPCError {
        let details = Spire_Api_Types_PermissionDeniedDetails.with { $0.reason = reason }
        guard let packed = try? Google_Protobuf_Any(message: details) else {
            return RPCError(code: .internalError, message: "details cannot be packed")
        }
        return RPCError(GoogleRPCStatus(code: .permissionDenied, message: "agent is denied", details: .any(packed)))
    }

    private func storedCertificates() -> Int? {
        try? AgentStorage(folder: agent.folder.path("data")).data.certificates.count
    }

    private func firstSVIDs(_ api: AgentFixture.API) async throws -> Workload_X509SVIDResponse {
        try await api.fetchX509SVID(.init(), metadata: ["workload.spiffe.io": "true"]) { response in
            for try await message in response.messages { return message }
            throw RPCError(code: .unknown, message: "no message")
        }
    }

    private func fetchToken(_ api: AgentFixture.API) async throws -> String {
        try await api.fetchJWTSVID(.with { $0.audience = ["x"] }, metadata: ["workload.spiffe.io": "true"]).svids[0]
            .svid
    }
}
