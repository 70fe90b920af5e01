// SPDX-License-Identifier: Apache-2.0

import ComityAttestation
import ComityRegistry
import ComityStorage
import ComityTesting
import Foundation
import SPIFFE
import Testing

@testable import ComityAttestors

@Suite struct HTTPChallengeAttestorTests {
    typealias Location = HTTPChallengeMessages.Location

    private let folder: TemporaryFolder
    private let trustDomain: TrustDomain
    private let store: SQLStore

    init() throws {
        folder = try TemporaryFolder()
        trustDomain = try TrustDomain("example.org")
        store = try SQLStore(path: folder.path("store.sqlite3"), trustDomain: trustDomain)
    }

    @Test func hostThatAnswersUnderItsNameComesIn() async throws {
        let proven = try await attest()

        #expect(proven.agentID.uri == "spiffe://example.org/spire/agent/http_challenge/127.0.0.1")
        #expect(proven.selectors == [try Selector("http_challenge:hostname:127.0.0.1")])
        #expect(!proven.canReattest)
    }

    @Test func nameIsBelievedOnceUnlessOnlyRootCanAnswer() async throws {
        let id = try SPIFFEID("spiffe://example.org/spire/agent/http_challenge/127.0.0.1")
        try await store.putNode(
            AttestedNode(id: id, attestationType: "http_challenge", serialNumber: "1", expiresAt: TestTime.now))

        let error = await #expect(throws: AttestationError.self) { try await attest() }
        #expect(error == AttestationError(.permissionDenied, ""))
        #expect(error?.message == "attestation data has already been used to attest an agent")

        var settings = HTTPChallengeServerSettings()
        settings.trustsOnFirstUse = false
        #expect(try await attest(settings).canReattest)
    }

    @Test(
        arguments: [
            (
                Location(hostName: "localhost", agentName: "default", port: 80),
                "you can not use localhost as a hostname"
            ),
            (Location(hostName: "a/b", agentName: "default", port: 80), "hostname is not valid"),
            (Location(hostName: "a:1@b", agentName: "default", port: 80), "hostname is not valid"),
            (Location(hostName: "", agentName: "default", port: 80), "hostname is not valid"),
            (
                Location(hostName: "b.example.org", agentName: "default", port: 80),
                "the requested hostname is not allowed to connect"
            ),
            (Location(hostName: "a.example.org", agentName: "../x", port: 80), "agent name is not valid"),
            (Location(hostName: "a.example.org", agentName: "", port: 80), "agent name is not valid"),
            (Location(hostName: "a.example.org", agentName: "x", port: 0), "port 0 is not valid"),
            (Location(hostName: "a.example.org", agentName: "x", port: 1024), "port 1024 is not allowed to be >= 1024"),
            (Location(hostName: "a.example.org", agentName: "agent-1", port: 1023), nil),
        ] as [(Location, String?)])
    func claimIsJudgedBeforeAnyCall(location: HTTPChallengeMessages.Location, message: String?) throws {
        var settings = HTTPChallengeServerSettings()
        settings.allowsNonRootPorts = false
        settings.allowedDNSPatterns = [
            try HostNamePattern("^nothing$"), try HostNamePattern("^a\\.example\\.org$|localhost"),
        ]
        guard let message else { return try settings.check(location) }
        let error = #expect(throws: AttestationError.self) { try settings.check(location) }
        #expect(error?.message == message)
    }

    @Test func portMayBeRequired() throws {
        var settings = HTTPChallengeServerSettings()
        settings.requiredPort = 80
        try settings.check(Location(hostName: "a.test", agentName: "default", port: 80))
        let error = #expect(throws: AttestationError.self) {
            try settings.check(Location(hostName: "a.test", agentName: "default", port: 81))
        }
        #expect(error?.message == "port 81 is not allowed to be used by this server")
    }

    @Test func otherAnswersProveNothing() async throws {
        let server = HTTPChallengeServerAttestor(.init(), trustDomain: trustDomain, nodes: store)
        let listener = try await ChallengeListener(port: 0, agentName: "default")
        let payload = HTTPChallengeMessages.payload(
            Location(hostName: "127.0.0.1", agentName: "default", port: listener.port))
        for answer in [nil, "wrong", String(repeating: "x", count: 100)] {
            if let answer { listener.serve(answer) }
            let error = await #expect(throws: AttestationError.self) {
                try await server.attest(NodeClaim(payload: payload)) { _ in HTTPChallengeMessages.ready }
            }
            #expect(error == AttestationError(.permissionDenied, ""))
            #expect(error?.message.hasPrefix("challenge verification failed: ") == true)
        }
        await listener.close()
        // Nobody listens any more.
        await #expect(throws: AttestationError(.permissionDenied, "")) {
            try await server.attest(NodeClaim(payload: payload)) { _ in HTTPChallengeMessages.ready }
        }
    }

    @Test func listenerServesOnePathOnly() async throws {
        let listener = try await ChallengeListener(port: 0, agentName: "one")
        listener.serve("nonce")
        let base = "http://127.0.0.1:\(listener.port)/.well-known/spiffe/nodeattestor/http_challenge"
        func get(_ url: String, _ more: String...) async throws -> String {
            try await ToolCommand.run("curl", ["-s", "-w", "%{http_code}"] + more + [url]).output
        }
        #expect(try await get("\(base)/one/challenge") == "nonce\n200")
        #expect(try await get("\(base)/two/challenge") == "not found\n404")
        #expect(try await get("\(base)/one/challenge", "-X", "POST") == "not found\n404")
        await listener.close()
    }

    @Test func messagesAreSPIREs() throws {
        let location = Location(hostName: "h.test", agentName: "default", port: 80)
        let payload = HTTPChallengeMessages.payload(location)
        #expect(String(decoding: payload, as: UTF8.self) == #"{"hostname":"h.test","agentname":"default","port":80}"#)
        #expect(try HTTPChallengeMessages.location(payload: payload) == location)
        #expect(String(decoding: HTTPChallengeMessages.challenge("a_-="), as: UTF8.self) == #"{"nonce":"a_-="}"#)
        #expect(try HTTPChallengeMessages.nonce(challenge: Array(#"{"nonce":"a_-="}"#.utf8)) == "a_-=")
        for challenge in ["{}", #"{"nonce":""}"#, #"{"nonce":"<a>"}"#, "x"] {
            #expect(throws: AttestationError.self) {
                try HTTPChallengeMessages.nonce(challenge: Array(challenge.utf8))
            }
        }
        #expect(throws: AttestationError.self) { try HTTPChallengeMessages.location(payload: []) }
    }

    private func attest(
        _ settings: HTTPChallengeServerSettings = HTTPChallengeServerSettings()
    ) async throws -> NodeAttestation {
        var agent = HTTPChallengeAgentSettings()
        agent.hostName = "127.0.0.1"
        return try await AttestationConversation.run(
            HTTPChallengeAgentAttestor(agent),
            HTTPChallengeServerAttestor(settings, trustDomain: trustDomain, nodes: store))
    }
}
