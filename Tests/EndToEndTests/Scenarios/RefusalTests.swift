// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import Foundation
import Testing

/// Bad input and bad surroundings: what is refused, by which words, and what is left as it was.
@Suite(.serialized) struct RefusalTests {
    @Test("a join token that is unknown, expired or used and a forged bootstrap bundle attest nobody")
    func attestsOnlyOnce() async throws {
        let (domain, stranger) = try Self.twoNodes()
        let server = try await domain.startServer()
        defer { withExtendedLifetime(server) {} }
        let bundle = try await domain.server("bundle", "show").check().output

        let forged = try TestCA("one.test").rootPEM
        let token = try await token(of: domain)
        try await refuses(
            "signed by unknown authority", stranger, bundle: forged, token: token, log: "forged.log")
        try await refuses(
            "join token does not exist or has already been used", stranger, bundle: bundle, token: "made-up",
            log: "unknown.log")
        #expect(try await domain.server("agent", "count").check().output == "0 attested agents\n")

        // The token that the forger was offered is unspent, and good once.
        let agent = try await start(domain, bundle: bundle, token: token, log: "agent.log")
        try await agent.line("Node attestation was successful")
        try await refuses(
            "join token does not exist or has already been used", stranger, bundle: bundle, token: token,
            log: "used.log")

        let brief = try await self.token(of: domain, "-ttl", "1")
        // Nothing tells when a token has ended but the clock.
        try await Task.sleep(for: .milliseconds(2100))
        try await refuses("join token expired", stranger, bundle: bundle, token: brief, log: "expired.log")
        #expect(try await domain.server("agent", "count").check().output == "1 attested agent\n")
    }

    @Test("S6 S71: a bundle that is empty, truncated, tampered or of another format leaves the old one")
    func keepsTheOldBundle() async throws {
        let (domain, other) = (try Deployment("one.test"), try Deployment("two.test"))
        try domain.writeServerConfiguration()
        try other.writeServerConfiguration()
        async let starting = domain.startServer()
        let (second, first) = (try await other.startServer(), try await starting)
        defer { withExtendedLifetime((first, second)) {} }
        try await domain.bootstrap(from: other)
        let document = try await other.server("bundle", "show", "-format", "spiffe").check().output
        let certificate = try await other.server("bundle", "show").check().output
        func stored() async throws -> String {
            try await domain.server("bundle", "list", "-id", "spiffe://two.test", "-format", "spiffe").check().output
        }
        let before = try await stored()
        #expect(!before.isEmpty)

        let bad: [(text: String, format: String, words: String)] = [
            ("", "spiffe", "empty bundle on stdin (did you forget -i?)"),
            (String(document.prefix(document.count / 2)), "spiffe", "unable to parse bundle"),
            (document.replacing("\"x5c\"", with: "\"x5d\""), "spiffe", "unable to parse bundle"),
            (certificate, "spiffe", "use -format pem"),
            (document, "pem", "use -format spiffe"),
            (String(certificate.prefix(certificate.count / 2)), "pem", "unable to parse bundle"),
            ("no bundle at all", "pem", "unable to parse bundle"),
        ]
        for (text, format, words) in bad {
            let refused = try await domain.server("bundle", "set", "-format", format, "-id", "two.test", input: text)
            #expect(refused.exitCode == 1, "\(words)")
            #expect(refused.output.isEmpty)
            #expect(refused.errors.contains(words), "\(refused.errors)")
            #expect(try await stored() == before)
        }
        let large = domain.folder.path("large")
        try (document + String(repeating: " ", count: 5 << 20)).write(toFile: large, atomically: true, encoding: .utf8)
        let refused = try await domain.server(
            "bundle", "set", "-format", "spiffe", "-id", "two.test", "-path", large)
        #expect(refused.exitCode == 1)
        #expect(refused.errors.contains("\(large) has more than"), "\(refused.errors)")
        #expect(try await stored() == before)
    }

    // MARK: - Steps

    /// A deployment, and a node of another folder that would join it.
    private static func twoNodes() throws -> (Deployment, Deployment) {
        let domain = try Deployment("one.test")
        let stranger = try Deployment("one.test", ports: domain.ports)
        try domain.writeServerConfiguration()
        for node in [domain, stranger] { try node.writeAgentConfiguration() }
        return (domain, stranger)
    }

    private func token(of domain: Deployment, _ more: String...) async throws -> String {
        let generated = try await domain.command(
            "spire-server", ["token", "generate", "-socketPath", domain.serverSocket] + more
        ).check()
        return String(generated.output.split(separator: "\n")[0].replacing("Token: ", with: ""))
    }

    private func start(
        _ node: Deployment, bundle: String, token: String, log: String
    ) async throws -> RunningProgram {
        try bundle.write(toFile: node.folder.path("bootstrap.pem"), atomically: true, encoding: .utf8)
        return try RunningProgram(
            node.folder.path("spire-agent"),
            ["run", "-config", node.folder.path("conf/agent.conf"), "-joinToken", token], in: node.folder.path,
            log: node.folder.path(log))
    }

    /// The agent says why and serves nobody.
    private func refuses(
        _ reason: String, _ node: Deployment, bundle: String, token: String, log: String
    ) async throws {
        let agent = try await start(node, bundle: bundle, token: token, log: log)
        try await agent.line("Failed to retrieve attestation result", reason)
        #expect(try await node.agent("healthcheck").exitCode == 1)
        await agent.stop()
        let left = try String(contentsOfFile: node.folder.path("agent-data/agent-data.json"), encoding: .utf8)
        #expect(left.contains("\"svid\":[],\"bundle\":[]"), "\(left)")
    }
}
