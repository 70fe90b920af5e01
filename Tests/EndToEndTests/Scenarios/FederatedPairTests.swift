// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import Foundation
import Testing

/// Two trust domains whose configuration files name each other, and workloads in both.
@Suite(.serialized) struct FederatedPairTests {
    private static let path = "/ns/backend/sa/default"

    @Test(
        "S10 S11 S15 S29 S35 S36 S46 S50: workloads trust each other across the border, follow changes and outlive a partner",
        .timeLimit(.minutes(2)))
    func livesTogether() async throws {
        let (one, two) = (try Deployment("one.test"), try Deployment("two.test"))
        for (domain, other) in [(one, two), (two, one)] {
            try domain.writeServerConfiguration(federation: Deployment.federatesWith(other))
            try domain.writeAgentConfiguration()
        }
        async let starting = one.startServer()
        let (secondServer, firstServer) = (try await two.startServer(), try await starting)
        try await one.bootstrap(from: two)
        try await two.bootstrap(from: one)
        async let attesting = one.startAgent()
        let (secondAgent, firstAgent) = (try await two.startAgent(), try await attesting)
        defer { withExtendedLifetime((firstServer, firstAgent)) {} }
        try await createEntries(one, two)

        let (inOne, inTwo) = (
            try await one.fetchFiles(with: "spiffe://one.test\(Self.path)\n", "[spiffe://two.test] CA #1"),
            try await two.fetchFiles(with: "spiffe://two.test\(Self.path)\n", "[spiffe://one.test] CA #1")
        )
        try await onlyTheEntrysWorkloadGetsTheForeignBundle(one)
        try await authenticate(inOne, inTwo, one)
        try await followsAPreparedAuthority(one, two, firstServer)

        await secondAgent.stop(SIGKILL)
        await secondServer.stop(SIGKILL)
        try await authenticate(inOne, inTwo, one)
        try await one.createEntry("/new", "-selector", "unix:path:\(BuiltExecutable.realPath)")
        _ = try await one.fetchFiles(with: "spiffe://one.test/new\n", "[spiffe://two.test] CA #1")
    }

    private func createEntries(_ one: Deployment, _ two: Deployment) async throws {
        let command = "unix:path:\(BuiltExecutable.realPath)"
        try await one.createEntry(Self.path, federatesWith: ["two.test"], "-selector", command)
        try await two.createEntry(Self.path, federatesWith: ["one.test"], "-selector", command)
        let python = URL(filePath: try PythonClient.interpreter()).resolvingSymlinksInPath().path
        try await one.createEntry("/local", "-selector", "unix:path:\(python)")
        let shown = try await one.server("entry", "show", "-spiffeID", "spiffe://one.test\(Self.path)").check().output
        let line = try #require(shown.split(separator: "\n").first { $0.hasPrefix("FederatesWith") })
        #expect(line.hasSuffix(": two.test"))
    }

    private func onlyTheEntrysWorkloadGetsTheForeignBundle(_ one: Deployment) async throws {
        struct Answer: Decodable {
            var id: String
            var bundles: [String: String]
        }
        let local = try await eventually("the local entry is served") { () -> Answer? in
            guard try await PythonClient.run("workload_client.py", one.agentSocket, "x509").exitCode == 0 else {
                return nil
            }
            return try await PythonClient.answer(Answer.self, "workload_client.py", one.agentSocket, "x509")
        }
        #expect(local.id == "spiffe://one.test/local")
        #expect(Set(local.bundles.keys) == ["one.test"])
    }

    /// By TLS of openssl in both directions; and not with the bundle of one's own domain.
    private func authenticate(_ inOne: String, _ inTwo: String, _ domain: Deployment) async throws {
        let foreign = "federated_bundle.0.0.pem"
        let (one, two) = (
            MutualTLS.Side(in: inOne, trusted: foreign), MutualTLS.Side(in: inTwo, trusted: foreign)
        )
        for (server, client) in [(one, two), (two, one)] {
            let transcript = try await MutualTLS(server: server, client: client).connect(in: domain.folder)
            #expect(MutualTLS.succeeded(transcript), "\(transcript)")
        }
        let mistaken = MutualTLS.Side(in: inOne, trusted: "bundle.0.pem")
        let transcript = try await MutualTLS(server: two, client: mistaken).connect(in: domain.folder)
        #expect(!MutualTLS.succeeded(transcript))
        #expect(transcript.contains("verify error"), "\(transcript)")
    }

    /// The change comes by the polls that go on, without an operator, over the stream that is open.
    private func followsAPreparedAuthority(
        _ one: Deployment, _ two: Deployment, _ server: RunningProgram
    ) async throws {
        let watching = try RunningProgram(
            one.folder.path("spire-agent"), ["api", "watch", "-socketPath", one.agentSocket], in: one.folder.path,
            log: one.folder.path("watch.log"))
        try await watching.line("[spiffe://two.test] CA #1")
        #expect(watching.lines("[spiffe://two.test] CA #2").isEmpty)
        try await two.server("localauthority", "x509", "prepare").check()
        try await watching.line("[spiffe://two.test] CA #2", within: .seconds(45))

        let refreshed = server.lines("Bundle refreshed", "trust_domain=two.test")
        #expect(refreshed.count >= 2)
        #expect(try refreshed.allSatisfy { try (14...15).contains(secondsAhead("next_refresh", in: $0)) })
        #expect(refreshed.dropFirst().contains { $0.contains("changed=true") })
    }
}
