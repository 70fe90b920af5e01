// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc

// The servers and agents of two trust domains.
extension DemoPlay {
    private static let startPatience = Duration.seconds(15)

    func startServers() async throws {
        narrator.chapter("Two servers start, each the authority of its own trust domain")
        for domain in domains {
            try folder.write(domain.serverConfigurationText, to: domain.serverConfiguration)
            launch("server", of: domain, ["server", "run", "-config", domain.serverConfiguration])
        }
        for domain in domains { try await waitForSocket(domain.serverSocket) }
    }

    func startAgents() async throws {
        narrator.chapter("Each domain gets an agent by join token, and an entry for its workload")
        for domain in domains {
            let token = try await joinToken(domain)
            _ = try await shown(
                "server", "entry", "create", "-parentID", domain.agentID(joinToken: token), "-spiffeID",
                domain.workloadID, "-selector", "unix:uid:\(getuid())", "-selector", "unix:path:\(realExecutable)",
                "-federatesWith", partner(of: domain).id, "-x509SVIDTTL", "20", "-jwtSVIDTTL", "20", "-socketPath",
                domain.serverSocket)
            try folder.write(domain.agentConfigurationText, to: domain.agentConfiguration)
            launch("agent", of: domain, ["agent", "run", "-config", domain.agentConfiguration, "-joinToken", token])
        }
        for domain in domains { try await waitForSocket(domain.agentSocket) }
    }

    func launch(_ program: String, of domain: DemoDomain, _ arguments: [String]) {
        let log = domain.log(program)
        narrator.show("comity " + arguments.joined(separator: " ") + " > \(log)")
        launcher.yield(Launch(name: "\(program) of \(domain.name)", arguments: arguments, log: log))
    }

    private func joinToken(_ domain: DemoDomain) async throws -> String {
        let output = try await shown("server", "token", "generate", "-socketPath", domain.serverSocket)
        guard let line = output.split(separator: "\n").first(where: { $0.hasPrefix("Token: ") }) else {
            throw DemoError(.command, "token generate printed no token")
        }
        return String(line.dropFirst("Token: ".count))
    }

    /// As the kernel names it to the agent.
    private var realExecutable: String {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? executable
    }

    /// Asks the socket itself whether somebody listens.
    private func waitForSocket(_ path: String) async throws {
        let deadline = ContinuousClock.now + Self.startPatience
        while !UnixSocketCheck.isListening(path) {
            guard .now < deadline else {
                throw DemoError(.deadline, "nobody listens on \(path) after \(Self.startPatience)")
            }
            try await Task.sleep(for: .milliseconds(20))
        }
    }
}
