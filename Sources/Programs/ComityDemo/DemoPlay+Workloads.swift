// SPDX-License-Identifier: Apache-2.0

// The workloads: one that is called, one that calls, and two that call wrongly.
extension DemoPlay {
    /// - Returns: The port that it serves on.
    func startBackend() async throws -> Int {
        narrator.chapter("\(alpha.workloadID) starts; it accepts workloads of \(beta.name)")
        let arguments = [
            "demo", "workload", "server", "-agent", "unix://\(alpha.agentSocket)", "-clients", beta.name,
        ]
        launcher.yield(
            Launch(name: alpha.workload, arguments: arguments, log: alpha.log(alpha.workload), reports: true))
        let name = alpha.workload
        try await board.wait(for: "the workload of \(alpha.name) to serve") { ($0[name]?.port ?? 0) > 0 }
        let port = await board.reports[name]?.port ?? 0
        narrator.tell("it serves on 127.0.0.1:\(port)")
        return port
    }

    func callOnce(port: Int) async throws {
        narrator.chapter("\(beta.workloadID) authenticates once by mTLS and once by JWT-SVID")
        let result = try await client(port: port, server: alpha.workloadID, audience: alpha.workloadID)
        guard result.end == .exited(0), result.lines.last == "Success!!!" else {
            throw DemoError(.proof, "the client ended with \(result.end): \(result.lines.joined(separator: "; "))")
        }
    }

    func callWithWrongIdentity(port: Int) async throws -> DemoReport.Refusal {
        narrator.chapter("A client that expects another server ID refuses the server")
        let before = await board.reports[alpha.workload]?.failedHandshakes ?? 0
        let expected = "unexpected ID \"\(alpha.workloadID)\""
        let result = try await client(port: port, server: "\(alpha.id)/other", audience: alpha.workloadID)
        let name = alpha.workload
        try await board.wait(for: "the server to tell of the failed handshake") {
            ($0[name]?.failedHandshakes ?? 0) > before
        }
        return DemoReport.Refusal(
            client: "wrong identity", expected: expected,
            isRight: result.end == .exited(1) && result.lines.contains { $0.contains(expected) })
    }

    func callWithWrongAudience(port: Int) async throws -> DemoReport.Refusal {
        narrator.chapter("A client whose token is for somebody else is refused by the server")
        let expected = "401: \(BearerRule.refusal)"
        let result = try await client(port: port, server: alpha.workloadID, audience: "\(alpha.id)/other")
        return DemoReport.Refusal(
            client: "wrong audience", expected: expected,
            isRight: result.end == .exited(1) && result.lines.contains { $0.contains(expected) })
    }

    /// Begins the calls that go on to the end.
    func startTraffic(port: Int) async throws {
        narrator.chapter("\(Self.callsPerSecond) calls per second go on from now")
        let arguments =
            clientArguments(port: port, server: alpha.workloadID, audience: alpha.workloadID)
            + ["-callsPerSecond", "\(Self.callsPerSecond)"]
        launcher.yield(Launch(name: beta.workload, arguments: arguments, log: beta.log(beta.workload), reports: true))
        let name = beta.workload
        try await board.wait(for: "the first calls") { ($0[name]?.calls ?? 0) >= Self.callsPerSecond }
    }

    /// Runs a client to its end and tells what it said.
    private func client(
        port: Int, server: String, audience: String
    ) async throws -> (end: ChildProcess.End, lines: [String]) {
        let result = try await comity.result(clientArguments(port: port, server: server, audience: audience))
        let lines = result.errors.split(separator: "\n").map(String.init)
        for line in lines { narrator.tell(line) }
        return (result.end, lines)
    }

    private func clientArguments(port: Int, server: String, audience: String) -> [String] {
        [
            "demo", "workload", "client", "-agent", "unix://\(beta.agentSocket)", "-port", "\(port)", "-server",
            server, "-audience", audience,
        ]
    }
}
