// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityDemo

/// `comity demo workload client`
struct DemoWorkloadClient: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "client", abstract: "The workload that calls.", shouldDisplay: false)

    @Option(name: .flag("agent"), help: "The address of the Workload API.")
    var agent: String

    @Option(name: .flag("port"), help: "The port of the workload to call.")
    var port: Int

    @Option(name: .flag("server"), help: "The SPIFFE ID that is expected to answer.")
    var server: String

    @Option(name: .flag("audience"), help: "Whom tokens are made out to.")
    var audience: String

    @Option(name: .flag("callsPerSecond"), help: "Calls until stopped; 0 calls once.")
    var callsPerSecond = 0

    func run() async throws {
        let client = try WorkloadClient(agent: agent, server: server, audience: audience, port: port)
        if callsPerSecond > 0 {
            try await client.callForever(perSecond: callsPerSecond)
        } else {
            try await client.callOnce()
        }
    }
}
