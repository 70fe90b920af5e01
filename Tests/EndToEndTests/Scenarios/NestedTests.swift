// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import Foundation
import SPIFFE
import SPIFFEWorkloadAPI
import Testing

/// Servers of one trust domain below each other, each with its agent, all of them processes.
@Suite(.serialized) struct NestedTests {
    private static let name = "one.test"

    @Test(
        "X509-42: three levels deep SVIDs verify by the root alone, and its rotation reaches the bottom",
        .timeLimit(.minutes(4)))
    func nests() async throws {
        let root = try Deployment(Self.name)
        let middle = try Deployment(Self.name)
        let leaf = try Deployment(Self.name)
        try root.writeServerConfiguration()
        let rootServer = try await root.startServer()
        let rootAgent = try await startAgent(root, entry: "/middle-server", "-downstream")
        try middle.writeServerConfiguration(plugins: upstream(root))
        let middleServer = try await middle.startServer()
        let middleAgent = try await startAgent(middle, entry: "/leaf-server", "-downstream")
        try leaf.writeServerConfiguration(plugins: upstream(middle))
        let leafServer = try await leaf.startServer()
        let leafAgent = try await startAgent(leaf, entry: "/workload")
        defer { withExtendedLifetime((rootServer, rootAgent, middleServer, middleAgent, leafServer, leafAgent)) {} }

        let oldRoot = try await root.server("bundle", "show").check().output
        try await verify(leaf, by: oldRoot)
        try await keysAreKnownEverywhere(root, middle, leaf)
        try await refusesWhatIsTheRootsBusiness(middle)

        let old = try await rotateRoot(root)
        // Each level replaces its CA before it tells the next one.
        try await eventually("the SVIDs at the bottom stand under the new root", within: .seconds(60)) {
            let shown = try await leaf.server("bundle", "show").check().output
            let newRoot = shown.replacing(oldRoot, with: "")
            guard newRoot != shown, !newRoot.isEmpty else { return nil as Bool? }
            return try await openssl(leaf, verifiesBy: newRoot).exitCode == 0 ? true : nil
        }
        try await root.server("localauthority", "x509", "revoke", "-authorityID", old).check()
        let newRoot = try await root.server("bundle", "show").check().output
        try await eventually("the old root is gone at the bottom", within: .seconds(60)) {
            try await leaf.server("bundle", "show").check().output == newRoot ? true : nil
        }
        try await verify(leaf, by: newRoot)
        #expect(try await openssl(leaf, verifiesBy: oldRoot).exitCode != 0)
    }

    private func upstream(_ above: Deployment) -> String {
        """
        UpstreamAuthority "spire" {
            plugin_data {
                server_address = "127.0.0.1"
                server_port = "\(above.ports.server)"
                workload_api_socket = "\(above.agentSocket)"
            }
        }
        """
    }

    private func startAgent(_ domain: Deployment, entry: String, _ more: String...) async throws -> RunningProgram {
        try domain.writeAgentConfiguration()
        let agent = try await domain.startAgent()
        var arguments = [
            "entry", "create", "-parentID", "spiffe://\(Self.name)/node", "-spiffeID", "spiffe://\(Self.name)\(entry)",
            "-selector", "unix:uid:\(getuid())", "-socketPath", domain.serverSocket,
        ]
        arguments += more
        try await domain.command("spire-server", arguments).check()
        _ = try await domain.x509Context { $0.credential(path: entry) != nil }
        return agent
    }

    /// The workload's SVID comes with two CAs and without the root.
    private func verify(_ leaf: Deployment, by root: String) async throws {
        let context = try await leaf.x509Context { $0.credential(path: "/workload") != nil }
        #expect(context.credential(path: "/workload")?.certificates.count == 3)
        let verified = try await openssl(leaf, verifiesBy: root)
        #expect(verified.exitCode == 0, "\(verified.errors)")
    }

    private func openssl(_ leaf: Deployment, verifiesBy root: String) async throws -> ToolCommand.Result {
        let files = try await leaf.fetchFiles(with: "spiffe://\(Self.name)/workload\n")
        try root.write(toFile: "\(files)/root.pem", atomically: true, encoding: .utf8)
        return try await ToolCommand.run(
            "openssl",
            ["verify", "-CAfile", "\(files)/root.pem", "-untrusted", "\(files)/svid.0.pem", "\(files)/svid.0.pem"])
    }

    private func keysAreKnownEverywhere(_ domains: Deployment...) async throws {
        for domain in domains {
            try await eventually("all JWT keys are known at each level") {
                let document = try await domain.server("bundle", "show", "-format", "spiffe").check().output
                return document.components(separatedBy: "\"jwt-svid\"").count == 4 ? true : nil
            }
        }
        let token = try await domains[2].fetchToken(for: "db")
        try await eventually("a token of the bottom is valid at the top") {
            let answer = try await domains[0].agent("api", "validate", "jwt", "-audience", "db", "-svid", token)
            return answer.exitCode == 0 ? true : nil
        }
    }

    private func refusesWhatIsTheRootsBusiness(_ middle: Deployment) async throws {
        let taint = try await middle.server("localauthority", "x509", "taint", "-authorityID", "00")
        #expect(taint.errors.contains("local authority can't be tainted if there is an upstream authority"))
        let shown = try await middle.server("localauthority", "x509", "show").check().output
        let id = try #require(shown.firstMatch(of: /Upstream authority Subject Key ID: ([0-9a-f]+)/)).output.1
        let used = try await middle.server("upstreamauthority", "taint", "-subjectKeyID", String(id))
        #expect(used.exitCode == 1)
        #expect(used.errors.contains("unable to use upstream authority singing current authority"))
    }

    /// Answers with the ID of the old, tainted root.
    private func rotateRoot(_ root: Deployment) async throws -> String {
        let prepared = try await root.server("localauthority", "x509", "prepare").check().output
        let new = try #require(prepared.firstMatch(of: /Authority ID: ([0-9a-f]+)/)).output.1
        try await root.server("localauthority", "x509", "activate", "-authorityID", String(new)).check()
        let shown = try await root.server("localauthority", "x509", "show", "-output", "json").check().output
        let old = try #require(shown.firstMatch(of: /"old":{"authority_id":"([^"]+)"/)).output.1
        try await root.server("localauthority", "x509", "taint", "-authorityID", String(old)).check()
        return String(old)
    }
}
