// SPDX-License-Identifier: Apache-2.0

import ComityAgent
import ComityAttestation
import ComityAttestors
import ComityRegistry
import ComityTesting
import Foundation
import GRPCCore
import SPIFFE
import Testing
import WorkloadAPIProtos

/// An agent with several ways to look at workloads, and a real server.
@Suite(.timeLimit(.minutes(1))) struct WorkloadAttestorsTests {
    private static let id = String(repeating: "0123456789abcdef", count: 4)

    @Test func containerGetsItsIdentityThoughAnotherAttestorFails() async throws {
        let folder = try TemporaryFolder()
        let process = folder.path("\(getpid())")
        try FileManager.default.createDirectory(atPath: process, withIntermediateDirectories: true)
        try "0::/system.slice/docker-\(Self.id).scope\n"
            .write(toFile: process + "/cgroup", atomically: true, encoding: .utf8)
        let container = "{\"State\":{\"Pid\":\(getpid())},\"Config\":{\"Labels\":{\"app\":\"web\"}}}"
        var docker = DockerAttestorSettings()
        docker.socketPath = folder.path("docker.sock")
        let settings = docker

        try await ScriptedEndpoint.with(socket: settings.socketPath, { _ in [.document(container)] }) { _ in
            try await ServerFixture.with { server in
                let token = try await server.joinToken()
                try await server.createEntries(["/web"], under: token, selector: ("docker", "label:app:web"))
                try await server.createEntries(["/other"], under: token, selector: ("docker", "label:app:other"))
                let agent = try AgentFixture(trusting: try await server.ownBundle())
                var all = try agent.settings(port: server.port, token: token)
                all.workloadAttestors = [
                    SystemdWorkloadAttestor(busPath: "/nowhere/bus"),
                    DockerWorkloadAttestor(settings, procRoot: folder.path), UnixWorkloadAttestor(),
                ]
                let id = try await agent.withAgent(all) { api in
                    try await api.fetchX509SVID(.init(), metadata: ["workload.spiffe.io": "true"]) { response in
                        var messages = response.messages.makeAsyncIterator()
                        return try await messages.next()?.svids.map(\.spiffeID)
                    }
                }
                #expect(id == ["spiffe://alpha.test/web"])
                #expect(agent.log.lines.contains("error Failed to collect all selectors"))
            }
        }
    }
}
