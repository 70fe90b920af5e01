// SPDX-License-Identifier: Apache-2.0

import ComityServer
import Foundation
import GRPCCore
import GRPCProtobuf
import SPIFFE
import ServerAPIProtos
import SwiftProtobuf
import Synchronization
import Testing
import X509

@Suite struct AgentAttestationTests {
    @Test func aTokenLetsAnAgentInOnce() async throws {
        try await ServerFixture.with { server in
            let token = try await server.joinToken()
            let agent = TestAgent()
            let credential = try await agent.attest(token, to: server)
            #expect(credential.id.uri == "spiffe://example.org/spire/agent/join_token/\(token)")
            let entries = try await server.call(as: credential) {
                try await ServerFixture.Entry(wrapping: $0).getAuthorizedEntries(.init()).entries
            }
            #expect(entries.isEmpty)
            let error = await #expect(throws: RPCError.self) { try await TestAgent().attest(token, to: server) }
            #expect(error?.code == .invalidArgument)
            #expect(error?.message == "failed to attest: join token does not exist or has already been used")
        }
    }

    @Test func ofTwoAgentsWithOneTokenExactlyOneComesIn() async throws {
        try await ServerFixture.with { server in
            for _ in 0..<5 {
                let token = try await server.joinToken()
                let admitted = await withTaskGroup { group in
                    for _ in 0..<4 {
                        group.addTask { (try? await TestAgent().attest(token, to: server)) != nil }
                    }
                    return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
                }
                #expect(admitted == 1)
            }
        }
    }

    @Test func whatTheRequestWishesForIsNotSigned() async throws {
        try await ServerFixture.with { server in
            let token = try await server.joinToken()
            let agent = TestAgent()
            let csr = try agent.csr(wishingFor: "spiffe://example.org/admin")
            let credential = try await agent.attest(token, to: server, csr: csr)
            #expect(credential.id.path == "/spire/agent/join_token/\(token)")
        }
    }

    @Test(arguments: [
        (
            Fault.unknownAttestor, RPCError.Code.failedPrecondition,
            "error getting node attestor: could not find node attestor type \"nope\""
        ),
        (.noData, .invalidArgument, "malformed param: missing attestation data"),
        (.noPayload, .invalidArgument, "malformed param: missing attestation data payload"),
        (.noCSR, .invalidArgument, "malformed param: missing CSR"),
        (.brokenCSR, .invalidArgument, "failed to parse CSR"),
        (.unknownToken, .invalidArgument, "failed to attest: join token does not exist or has already been used"),
    ])
    func namesWhatIsWrong(fault: Fault, code: RPCError.Code, message: String) async throws {
        try await ServerFixture.with { server in
            let agent = TestAgent()
            var request = Spire_Api_Server_Agent_V1_AttestAgentRequest()
            let token = try await server.joinToken()
            request.params.data.type = "join_token"
            request.params.data.payload = Data(token.utf8)
            request.params.params.csr = try agent.csr()
            fault.apply(to: &request.params)
            let broken = request
            let error = await #expect(throws: RPCError.self) { try await agent.attest(broken, to: server) }
            #expect(error?.code == code)
            #expect(error?.message.hasPrefix(message) == true)
        }
    }

    enum Fault: Sendable {
        case unknownAttestor, noData, noPayload, noCSR, brokenCSR, unknownToken

        func apply(to params: inout Spire_Api_Server_Agent_V1_AttestAgentRequest.Params) {
            switch self {
            case .unknownAttestor: params.data.type = "nope"
            case .noData: params.clearData()
            case .noPayload: params.data.payload = Data()
            case .noCSR: params.params.csr = Data()
            case .brokenCSR: params.params.csr = Data([1, 2, 3])
            case .unknownToken: params.data.payload = Data("guess".utf8)
            }
        }
    }

    @Test func aRenewedCertificateReplacesTheOldOneOnFirstUse() async throws {
        try await ServerFixture.with { server in
            let agent = TestAgent()
            let first = try await agent.attest(try await server.joinToken(), to: server)
            let second = try await agent.renew(first, at: server)
            #expect(second.id == first.id && second.leaf != first.leaf)
            // Until the new one is used, the old one counts: the answer may have been lost.
            try await post(first, to: server)
            try await post(second, to: server)
            #expect(await refusal { try await post(first, to: server) } == .agentNotActive)
            try await post(second, to: server)
        }
    }

    @Test func aBannedAgentIsOutUntilItIsDeleted() async throws {
        try await ServerFixture.with { server in
            let agent = TestAgent()
            let credential = try await agent.attest(try await server.joinToken("one"), to: server)
            let id = Spire_Api_Types_SPIFFEID.with {
                $0.trustDomain = "example.org"
                $0.path = credential.id.path
            }
            try await server.operate { client in
                _ = try await ServerFixture.Agent(wrapping: client).banAgent(.with { $0.id = id })
            }
            #expect(await refusal { try await post(credential, to: server) } == .agentBanned)
            let token = try await server.joinToken("one")
            let error = await #expect(throws: RPCError.self) { try await agent.attest(token, to: server) }
            #expect(error?.code == .permissionDenied && error?.message == "failed to attest: agent is banned")
            try await server.operate { client in
                _ = try await ServerFixture.Agent(wrapping: client).deleteAgent(.with { $0.id = id })
            }
            #expect(await refusal { try await post(credential, to: server) } == .agentNotAttested)
            let again = try await server.joinToken("one")
            _ = try await agent.attest(again, to: server)
        }
    }

    @Test func anExpiredTokenIsRefusedAndUsedUp() async throws {
        let late = Switch()
        let time = ServerTime(
            now: { late.isOn ? Date() + 61 : Date() }, sleep: { try await Task.sleep(for: $0) })
        try await ServerFixture.with(time: time) { server in
            let token = try await server.joinToken(ttl: 60)
            late.turnOn()
            let error = await #expect(throws: RPCError.self) { try await TestAgent().attest(token, to: server) }
            #expect(error?.message == "join token expired")
            let second = await #expect(throws: RPCError.self) { try await TestAgent().attest(token, to: server) }
            #expect(second?.message == "failed to attest: join token does not exist or has already been used")
        }
    }

    @Test func aSilentAgentIsCutOff() async throws {
        // Only the time for an attestation passes at once.
        let time = ServerTime(
            now: { Date() },
            sleep: { if $0 != AgentService.attestationTimeout { try await Task.sleep(for: $0) } })
        try await ServerFixture.with(time: time) { server in
            let (never, end) = AsyncStream.makeStream(of: Never.self)
            let error = await #expect(throws: RPCError.self) {
                try await server.call { client in
                    try await ServerFixture.Agent(wrapping: client).attestAgent { _ in
                        for await _ in never {}
                    } onResponse: { response in
                        defer { end.finish() }
                        for try await _ in response.messages {}
                    }
                }
            }
            #expect(error?.code == .deadlineExceeded && error?.message == "attestation takes too long")
        }
    }

    private func post(_ credential: X509Credential, to server: ServerFixture) async throws {
        try await server.call(as: credential) { client in
            _ = try await ServerFixture.Agent(wrapping: client).postStatus(.with { $0.agentVersion = "1.0" })
        }
    }

    /// The reason that travels in the status details.
    private func refusal(
        _ body: () async throws -> Void
    ) async -> Spire_Api_Types_PermissionDeniedDetails.Reason? {
        do {
            try await body()
            return nil
        } catch {
            guard let error = error as? RPCError, error.code == .permissionDenied,
                error.message == "authorization denied for method /spire.api.server.agent.v1.Agent/PostStatus",
                let bytes = error.metadata[binaryValues: "grpc-status-details-bin"].first(where: { _ in true }),
                let status = try? Google_Rpc_Status(serializedBytes: bytes), status.code == 7,
                let details = status.details.first,
                let denied = try? Spire_Api_Types_PermissionDeniedDetails(unpackingAny: details)
            else { return nil }
            return denied.reason
        }
    }
}

/// Turned on by a test, read by a clock.
private final class Switch: Sendable {
    private let value = Atomic(false)

    var isOn: Bool { value.load(ordering: .relaxed) }

    func turnOn() {
        value.store(true, ordering: .relaxed)
    }
}
