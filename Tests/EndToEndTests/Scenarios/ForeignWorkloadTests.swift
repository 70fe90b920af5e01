// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import Foundation
import Testing

/// Programs that we did not write live on the Workload API and check what it gives them.
@Suite(.serialized) struct ForeignWorkloadTests {
    private struct X509Answer: Decodable {
        var id: String
        var chain: String
        var bundles: [String: String]
        var bundlesAlone: [String: String]
    }

    private struct JWTAnswer: Decodable {
        var token: String
        var id: String
        var confirmedId: String
        var audience: [String]
        var refusal: String?
        var trustDomains: [String]
    }

    private struct VerifiedToken: Decodable {
        struct Claims: Decodable {
            var sub: String
            var aud: [String]
        }
        var claims: Claims
    }

    @Test("WEP-15: Python's spiffe, openssl and joserfc accept X.509-SVIDs, JWT-SVIDs, bundles and a rotation")
    func servesWorkloadsOfOthers() async throws {
        let domain = try Deployment("one.test")
        try domain.writeServerConfiguration()
        try domain.writeAgentConfiguration()
        let server = try await domain.startServer()
        let agent = try await domain.startAgent()
        defer { withExtendedLifetime((server, agent)) {} }
        let refused = try await PythonClient.run("workload_client.py", domain.agentSocket, "x509")
        #expect(refused.exitCode != 0)
        #expect(refused.errors.contains("no identity issued (StatusCode.PERMISSION_DENIED)"))

        // The SVID is short so that a rotation comes within seconds.
        try await domain.createEntry("/web", "-x509SVIDTTL", "4")
        try await eventually("the entry is served") {
            try await PythonClient.run("workload_client.py", domain.agentSocket, "x509").exitCode == 0 ? true : nil
        }
        let watching = try PythonClient.start(
            "workload_client.py", domain.agentSocket, "watch", "2", in: domain, log: "watch.log")
        try await fetchesX509(domain)
        try await fetchesJWT(domain)
        #expect(await watching.exit() == 0, "\(watching.log)")
        #expect(watching.lines("spiffe://one.test/web").count >= 3)
    }

    private func fetchesX509(_ domain: Deployment) async throws {
        let answer = try await PythonClient.answer(X509Answer.self, "workload_client.py", domain.agentSocket, "x509")
        #expect(answer.id == "spiffe://one.test/web")
        #expect(Set(answer.bundles.keys) == ["one.test"])
        #expect(answer.bundles == answer.bundlesAlone)

        let (chain, bundle) = (domain.folder.path("chain.pem"), domain.folder.path("authorities.pem"))
        try answer.chain.write(toFile: chain, atomically: true, encoding: .utf8)
        try await domain.server("bundle", "show").check().output
            .write(toFile: bundle, atomically: true, encoding: .utf8)
        let verified = try await ToolCommand.run("openssl", ["verify", "-x509_strict", "-CAfile", bundle, chain])
        #expect(try verified.check().output == "\(chain): OK\n")
    }

    private func fetchesJWT(_ domain: Deployment) async throws {
        let answer = try await PythonClient.answer(
            JWTAnswer.self, "workload_client.py", domain.agentSocket, "jwt", "spiffe://one.test/db")
        #expect(answer.id == "spiffe://one.test/web")
        #expect(answer.confirmedId == answer.id)
        #expect(answer.audience == ["spiffe://one.test/db"])
        #expect(answer.refusal?.contains("INVALID_ARGUMENT") == true)
        #expect(answer.trustDomains == ["one.test"])

        let document = domain.folder.path("bundle.json")
        try await domain.server("bundle", "show", "-format", "spiffe").check().output
            .write(toFile: document, atomically: true, encoding: .utf8)
        let token = try await PythonClient.answer(
            VerifiedToken.self, "verify_jwt.py", document, "spiffe://one.test/db", input: answer.token)
        let forOthers = try await PythonClient.run("verify_jwt.py", document, "someone else", input: answer.token)
        #expect(token.claims.sub == "spiffe://one.test/web")
        #expect(token.claims.aud == ["spiffe://one.test/db"])
        #expect(forOthers.errors.contains("invalid_claim"))
    }
}
