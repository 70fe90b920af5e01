// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import FoundationEssentials
import Glibc
import Testing

/// The first steps of the README, with the files that it names.
@Suite struct QuickstartTests {
    private static let files = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Examples/quickstart")

    @Test("the quick start leads to an identity, with its files unchanged")
    func quickStartLeadsToAnIdentity() async throws {
        let folder = try TemporaryFolder()
        try BuiltExecutable.link(into: folder)
        for name in ["server.conf", "agent.conf"] {
            try FileManager.default.copyItem(
                atPath: Self.files.appending(path: name).path, toPath: folder.path(name))
        }
        let port = String(try FreePorts.two().0)
        let comity = folder.path("comity")
        let serverSocket = folder.path("server.sock")
        let agentSocket = folder.path("agent.sock")
        func server(_ arguments: String...) async throws -> String {
            try await ToolCommand.run(comity, ["server"] + arguments + ["-socketPath", serverSocket]).check().output
        }

        let serverProgram = try RunningProgram(
            comity,
            ["server", "run", "-config", "server.conf", "-serverPort", port, "-socketPath", serverSocket],
            in: folder.path, log: folder.path("server.log"))
        try await serverProgram.line("Starting Server APIs", "network=unix")
        try await server("bundle", "show").write(
            toFile: folder.path("data/bundle.crt"), atomically: true, encoding: .utf8)
        let token = try await server("token", "generate", "-spiffeID", "spiffe://example.org/node")
        let agentProgram = try RunningProgram(
            comity,
            [
                "agent", "run", "-config", "agent.conf", "-serverPort", port, "-socketPath", agentSocket,
                "-joinToken", try #require(token.split(whereSeparator: \.isWhitespace).last.map(String.init)),
            ],
            in: folder.path, log: folder.path("agent.log"))
        try await agentProgram.line("Starting Workload and SDS APIs")
        _ = try await server(
            "entry", "create", "-parentID", "spiffe://example.org/node", "-spiffeID", "spiffe://example.org/web",
            "-selector", "unix:uid:\(getuid())")

        try await eventually("the workload gets its identity") {
            let fetch = try await ToolCommand.run(
                comity, ["agent", "api", "fetch", "x509", "-socketPath", agentSocket])
            return fetch.output.contains("spiffe://example.org/web") ? true : nil
        }
        withExtendedLifetime((folder, serverProgram, agentProgram)) {}
    }
}
