// SPDX-License-Identifier: Apache-2.0

import ComityAttestation
import ComityServer
import ComityTesting
import Crypto
import Foundation
import GRPCCore
import SPIFFE
import ServerAPIProtos
import SwiftProtobuf
import Testing
import X509

/// Attestors beside join tokens, as the API shows them.
@Suite struct NodeAttestorsTests {
    private let ca: TestCA
    private let folder: TemporaryFolder

    init() throws {
        ca = try TestCA("pki.test")
        folder = try TemporaryFolder()
        try ca.rootPEM.write(toFile: folder.path("ca.pem"), atomically: true, encoding: .utf8)
    }

    @Test func agentThatCanAttestAgainMustNotRenew() async throws {
        try await serve { server in
            let agent = TestAgent()
            let result = try await attest(agent, to: server)
            #expect(result.reattestable)
            let credential = try agent.credential(result.svid)
            let renewal = await #expect(throws: RPCError.self) { try await agent.renew(credential, at: server) }
            #expect(renewal?.message == "agent must reattest instead of renew")
            // Attested anew, the old certificate counts no more.
            _ = try await attest(agent, to: server)
            let late = await #expect(throws: RPCError.self) { try await agent.renew(credential, at: server) }
            #expect(late?.code == .permissionDenied)
        }
    }

    @Test func errorsBearTheNameOfTheirPlugin() async throws {
        try await serve { server in
            var request = Spire_Api_Server_Agent_V1_AttestAgentRequest()
            request.params.data.type = "x509pop"
            request.params.data.payload = Data("{}".utf8)
            request.params.params.csr = try TestAgent().csr()
            let wrong = request
            let error = await #expect(throws: RPCError.self) { try await TestAgent().attest(wrong, to: server) }
            #expect(error?.code == .invalidArgument)
            #expect(error?.message == "nodeattestor(x509pop): no certificate to attest")
        }
    }

    @Test(arguments: [false, true])
    func agentsMayHaveTheirIDAsSelector(isOn: Bool) async throws {
        try await serve(isOn) { server in
            let result = try await attest(TestAgent(), to: server)
            let selectors = try await server.operate { client in
                try await ServerFixture.Agent(wrapping: client).getAgent(.with { $0.id = result.svid.id }).selectors
            }
            let own = selectors.first { $0.type == "spiffe_id" }?.value
            #expect(own == (isOn ? "spiffe://example.org\(result.svid.id.path)" : nil))
            #expect(selectors.count { $0.type == "x509pop" } == 2)
        }
    }

    // MARK: - A node with a certificate

    private func serve(_ makesSelector: Bool = false, _ body: (ServerFixture) async throws -> Void) async throws {
        let path = folder.path("ca.pem")
        try await ServerFixture.with { settings in
            settings.nodeAttestors = [.x509pop(X509PopServerSettings(trust: .files([path])))]
            settings.makesAgentIDSelector = makesSelector
        } _: { server in
            try await body(server)
        }
    }

    private func attest(
        _ agent: TestAgent, to server: ServerFixture
    ) async throws -> Spire_Api_Server_Agent_V1_AttestAgentResponse.Result {
        let key = P256.Signing.PrivateKey()
        let node = try ca.leaf("/node") {
            $0.key = Certificate.PrivateKey(key)
            $0.notBefore = Date(timeIntervalSinceNow: -60)
            $0.notAfter = Date(timeIntervalSinceNow: 600)
        }
        let certificate = Data(try node.derCertificates[0]).base64EncodedString()
        let (requests, outgoing) = AsyncStream<Spire_Api_Server_Agent_V1_AttestAgentRequest>.makeStream()
        outgoing.yield(
            try .with {
                $0.params.data.type = "x509pop"
                $0.params.data.payload = Data("{\"certificates\":[\"\(certificate)\"]}".utf8)
                $0.params.params.csr = try agent.csr()
            })
        return try await server.call { client in
            try await ServerFixture.Agent(wrapping: client).attestAgent { writer in
                for await request in requests { try await writer.write(request) }
            } onResponse: { response in
                defer { outgoing.finish() }
                for try await message in response.messages {
                    guard case .challenge(let challenge) = message.step else { return message.result }
                    let answer = try Self.answer(to: challenge, by: key)
                    outgoing.yield(.with { $0.challengeResponse = answer })
                }
                throw RPCError(code: .unknown, message: "server sent no result")
            }
        }
    }

    private static func answer(to challenge: Data, by key: P256.Signing.PrivateKey) throws -> Data {
        let message = try JSONValue(parsing: Array(challenge), maximumBytes: 1024)
        let text = try #require(message["ecdsa_signature"]?["nonce"]?.string)
        let nonce = try #require(Data(base64Encoded: text))
        let own = Data(repeating: 7, count: 32)
        let signature = try key.signature(for: SHA256.hash(data: nonce + own)).rawRepresentation
        let members: [String: Any] = [
            "ecdsa_signature": [
                "nonce": own.base64EncodedString(), "r": signature.prefix(32).base64EncodedString(),
                "s": signature.suffix(32).base64EncodedString(),
            ]
        ]
        return try JSONSerialization.data(withJSONObject: members)
    }
}
