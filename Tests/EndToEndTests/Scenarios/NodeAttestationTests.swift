// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import Foundation
import SPIFFE
import Testing

/// Nodes that prove themselves by other ways than a join token, as real processes.
@Suite(.serialized, .timeLimit(.minutes(3))) struct NodeAttestationTests {
    @Test(arguments: ["ec", "rsa"]) func x509popByCertificatesOfOpenSSL(key: String) async throws {
        let domain = try Deployment("alpha.test")
        try await makeCertificates(in: domain.folder, key: key)
        try domain.writeServerConfiguration(
            plugins: """
                NodeAttestor "x509pop" { plugin_data {
                    ca_bundle_path = "\(domain.folder.path("ca.pem"))"
                    agent_path_template = "/{{ .PluginName }}/{{ .Subject.CommonName }}"
                } }
                """)
        try domain.writeAgentConfiguration(
            nodeAttestor: """
                "x509pop" { plugin_data {
                    private_key_path = "\(domain.folder.path("node.key"))"
                    certificate_path = "\(domain.folder.path("node.pem"))"
                    intermediates_path = "\(domain.folder.path("issuing.pem"))"
                } }
                """)
        let server = try await domain.startServer()
        let agent = try await domain.startAttestedAgent()
        let id = "spiffe://alpha.test/spire/agent/x509pop/node-1"

        let shown = try await domain.server("agent", "show", "-spiffeID", id).check().output
        #expect(shown.contains("x509pop:subject:cn:node-1"))
        #expect(shown.contains("x509pop:serialnumber:2a"))
        #expect(shown.split(separator: "\n").count { $0.contains("x509pop:ca:fingerprint:") } == 2)
        #expect(server.lines("Agent attestation request completed", id).count == 1)

        // Evicted, it proves itself again and goes on; banned, it ends.
        try await domain.server("agent", "evict", "-spiffeID", id).check()
        try await agent.line("Agent needs to re-attest; will attempt to re-attest")
        try await eventually("agent is attested again") {
            try await domain.server("agent", "show", "-spiffeID", id).exitCode == 0 ? true : nil
        }
        try await domain.server("agent", "ban", "-spiffeID", id).check()
        #expect(await agent.exit() == 1)
        #expect(agent.lines("Agent is banned: removing SVID and shutting down").count == 1)
        let refused = try await domain.failingAgent()
        #expect(await refused.exit() == 1)
        #expect(refused.log.contains("failed to attest: agent is banned"))
    }

    @Test func sshpopByCertificatesOfSSHKeygen() async throws {
        let domain = try Deployment("alpha.test")
        let folder = domain.folder
        try await run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder.path("ca"))
        try await run("ssh-keygen", "-q", "-t", "rsa", "-b", "2048", "-N", "", "-f", folder.path("host"))
        try await run(
            "ssh-keygen", "-q", "-s", folder.path("ca"), "-I", "host", "-h", "-n", "web.example.org",
            folder.path("host.pub"))
        try domain.writeServerConfiguration(
            plugins: """
                NodeAttestor "sshpop" { plugin_data {
                    cert_authorities_path = "\(folder.path("ca.pub"))"
                    canonical_domain = "example.org"
                    agent_path_template = "{{ .PluginName }}/{{ .Hostname }}"
                } }
                """)
        try domain.writeAgentConfiguration(
            nodeAttestor: "\"sshpop\" { plugin_data { host_key_path = \"\(folder.path("host"))\" } }")
        let server = try await domain.startServer()
        let agent = try await domain.startAttestedAgent()

        let id = "spiffe://alpha.test/spire/agent/sshpop/web"
        #expect(agent.isRunning)
        #expect(try await domain.server("agent", "show", "-spiffeID", id).exitCode == 0)
        #expect(server.lines("Agent attestation request completed", id).count == 1)
    }

    @Test func httpChallengeOnLoopback() async throws {
        let domain = try Deployment("alpha.test")
        try domain.writeServerConfiguration(
            plugins:
                "NodeAttestor \"http_challenge\" { plugin_data { allowed_dns_patterns = [\"^127[.]0[.]0[.]1$\"] } }")
        try domain.writeAgentConfiguration(
            nodeAttestor: "\"http_challenge\" { plugin_data { hostname = \"127.0.0.1\" } }")
        let server = try await domain.startServer()
        let agent = try await domain.startAttestedAgent()
        let id = "spiffe://alpha.test/spire/agent/http_challenge/127.0.0.1"
        #expect(server.lines("Agent attestation request completed", id).count == 1)
        let shown = try await domain.server("agent", "show", "-spiffeID", id).check().output
        #expect(shown.contains("http_challenge:hostname:127.0.0.1"))

        // The same name again, without what the first one knew, is refused until an operator evicts it.
        #expect(await agent.stop() == 0)
        try FileManager.default.removeItem(atPath: domain.folder.path("agent-data"))
        let second = try await domain.failingAgent()
        #expect(await second.exit() == 1)
        #expect(
            second.log.contains(
                "nodeattestor(http_challenge): attestation data has already been used to attest an agent"))
    }

    // MARK: - Certificates

    /// A root, an authority below it, and a node's certificate by that one.
    private func makeCertificates(in folder: TemporaryFolder, key: String) async throws {
        let keys = key == "ec" ? ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"] : ["-newkey", "rsa:2048"]
        func request(_ name: String, _ more: String...) async throws {
            try await ToolCommand.run(
                "openssl",
                ["req", "-nodes"] + keys + ["-keyout", folder.path("\(name).key"), "-subj", "/CN=\(name)"] + more
            ).check()
        }
        func sign(_ name: String, by issuer: String, _ extensions: String) async throws {
            try extensions.write(toFile: folder.path("\(name).ext"), atomically: true, encoding: .utf8)
            try await run(
                "openssl", "x509", "-req", "-in", folder.path("\(name).csr"), "-CA", folder.path("\(issuer).pem"),
                "-CAkey", folder.path("\(issuer).key"), "-set_serial", "42", "-days", "1", "-extfile",
                folder.path("\(name).ext"), "-out", folder.path("\(name).pem"))
        }
        let authority = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n"
        try await request(
            "ca", "-x509", "-days", "1", "-out", folder.path("ca.pem"), "-addext", "keyUsage=critical,keyCertSign")
        try await request("issuing", "-out", folder.path("issuing.csr"))
        try await sign("issuing", by: "ca", authority)
        try await request("node-1", "-out", folder.path("node-1.csr"))
        try await sign("node-1", by: "issuing", "keyUsage=critical,digitalSignature\n")
        for kind in ["key", "pem"] {
            try FileManager.default.moveItem(atPath: folder.path("node-1.\(kind)"), toPath: folder.path("node.\(kind)"))
        }
    }

    private func run(_ program: String, _ arguments: String...) async throws {
        try await ToolCommand.run(program, arguments).check()
    }
}
