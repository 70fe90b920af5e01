// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import Foundation
import Testing

/// The programs of `Examples`, with a server and an agent that run.
@Suite(.serialized) struct ExampleTests {
    @Test("mtls-echo: an echo by mutual TLS; a wrong server or client is refused; a rotated SVID is presented")
    func mutualTLSEcho() async throws {
        let domain = try Deployment("one.test")
        try domain.writeServerConfiguration()
        try domain.writeAgentConfiguration()
        let server = try await domain.startServer()
        let agent = try await domain.startAgent()
        defer { withExtendedLifetime((server, agent)) {} }
        try await domain.createEntry("/echo", "-x509SVIDTTL", "8")
        let ports = try FreePorts.two()
        let echo = try startEcho(domain, port: ports.0, accepting: "one.test")
        let picky = try startEcho(domain, port: ports.1, accepting: "two.test")
        defer { withExtendedLifetime((echo, picky)) {} }

        try await eventually("the echo comes", or: { echo.log }) {
            let answer = try await talk(domain, port: ports.0, to: "spiffe://one.test/echo")
            return answer.output == "I am spiffe://one.test/echo\nhello there\n" ? true : nil
        }
        let first = try await serialNumber(port: ports.0)

        let wrongServer = try await talk(domain, port: ports.0, to: "spiffe://one.test/other")
        #expect(wrongServer.exitCode != 0)
        #expect(wrongServer.errors.contains(#"unexpected ID "spiffe://one.test/echo""#), "\(wrongServer.errors)")
        let wrongClient = try await talk(domain, port: ports.1, to: "spiffe://one.test/echo")
        #expect(!wrongClient.output.contains("hello there"))

        try await eventually("a later handshake shows the rotated SVID") {
            try await serialNumber(port: ports.0) != first ? true : nil
        }
        #expect(echo.isRunning)
        let again = try await talk(domain, port: ports.0, to: "spiffe://one.test/echo")
        #expect(again.output.hasSuffix("hello there\n"))
    }

    // MARK: - Steps

    private static let executable = URL(filePath: BuiltExecutable.path).deletingLastPathComponent()
        .appending(path: "MTLSEchoExample").path

    private func startEcho(_ domain: Deployment, port: Int, accepting trustDomain: String) throws -> RunningProgram {
        try RunningProgram(
            Self.executable, ["server", "\(port)", trustDomain],
            environment: ["SPIFFE_ENDPOINT_SOCKET": "unix://\(domain.agentSocket)"], in: domain.folder.path,
            log: domain.folder.path("echo-\(port).log"))
    }

    private func talk(_ domain: Deployment, port: Int, to id: String) async throws -> ToolCommand.Result {
        try await ToolCommand.run(
            "env",
            [
                "SPIFFE_ENDPOINT_SOCKET=unix://\(domain.agentSocket)", Self.executable, "client", "\(port)", id,
                "hello",
                "there",
            ])
    }

    /// Of the certificate that the server shows, also to one who has none to show.
    private func serialNumber(port: Int) async throws -> String {
        let handshake = try await ToolCommand.run("openssl", ["s_client", "-connect", "127.0.0.1:\(port)"])
        return try await ToolCommand.run("openssl", ["x509", "-noout", "-serial"], input: handshake.output)
            .check().output
    }
}
