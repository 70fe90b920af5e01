// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import Foundation
import SPIFFE
import Testing

/// The agent's endpoint as stock gRPC clients and the kernel see it.
@Suite(.serialized) struct WorkloadEndpointTests {
    private struct Answer: Decodable {
        struct SVID: Decodable {
            var spiffeId: String
            var svid: String
        }

        var services: [String]
        var servicesByV1: [String]
        var methods: [String]
        var svids: [SVID]
    }

    @Test("WEP-22, WEP-03: a stock gRPC client finds the Workload API by reflection and calls it")
    func isFoundByReflection() async throws {
        try await withAgent { domain, _, _ in
            try await domain.createEntry("/web")
            let answer = try await eventually("the entry is served") { () -> Answer? in
                let result = try await PythonClient.run("reflection_client.py", domain.agentSocket, "db")
                guard result.exitCode == 0 else {
                    try #require(result.errors.contains("no identity issued"), "\(result.errors)")
                    return nil
                }
                return try await PythonClient.answer(Answer.self, "reflection_client.py", domain.agentSocket, "db")
            }

            #expect(answer.services.contains("SpiffeWorkloadAPI"))
            #expect(answer.services.contains("grpc.reflection.v1.ServerReflection"))
            #expect(answer.servicesByV1 == answer.services)
            #expect(
                answer.methods == [
                    "FetchJWTBundles", "FetchJWTSVID", "FetchWITBundles", "FetchWITSVID", "FetchX509Bundles",
                    "FetchX509SVID", "ValidateJWTSVID",
                ])
            let svid = try #require(answer.svids.first)
            #expect(svid.spiffeId == "spiffe://one.test/web")
            #expect(try UnverifiedJWTSVID(token: svid.svid).id.uri == svid.spiffeId)
        }
    }

    @Test("WEP-02, WEP-05: an agent listens on Unix sockets and on no TCP port")
    func listensOnNoPort() async throws {
        try await withAgent { domain, server, agent in
            let ofAgent = try listeningPorts(of: agent.processID)
            #expect(ofAgent.isEmpty)
            // The same look at the server finds what it listens on.
            let ofServer = try listeningPorts(of: server.processID)
            #expect(ofServer == [domain.ports.server, domain.ports.bundleEndpoint])
        }
    }

    private func withAgent(
        _ body: (Deployment, _ server: RunningProgram, _ agent: RunningProgram) async throws -> Void
    ) async throws {
        let domain = try Deployment("one.test")
        try domain.writeServerConfiguration()
        try domain.writeAgentConfiguration()
        let server = try await domain.startServer()
        try await body(domain, server, try await domain.startAgent())
    }

    /// The TCP ports that a process listens on, as the kernel lists them.
    private func listeningPorts(of process: Int32) throws -> Set<Int> {
        let folder = "/proc/\(process)/fd"
        let open = Set(
            try FileManager.default.contentsOfDirectory(atPath: folder).compactMap {
                try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\($0)")
            })
        var ports: Set<Int> = []
        for table in ["tcp", "tcp6"] {
            let lines = try String(contentsOfFile: "/proc/\(process)/net/\(table)", encoding: .utf8).split(
                separator: "\n")
            for line in lines.dropFirst() {
                // Local address, remote address, state (0A listens), five more, inode.
                let fields = line.split(separator: " ")
                guard fields.count > 9, fields[3] == "0A", open.contains("socket:[\(fields[9])]") else { continue }
                ports.insert(try #require(Int(fields[1].split(separator: ":")[1], radix: 16)))
            }
        }
        return ports
    }
}
