// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityDemo

/// `comity demo workload server`
struct DemoWorkloadServer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "server", abstract: "The workload that is called.", shouldDisplay: false)

    @Option(name: .flag("agent"), help: "The address of the Workload API.")
    var agent: String

    @Option(name: .flag("clients"), help: "The trust domain whose workloads may call.")
    var clients: String

    func run() async throws {
        try await WorkloadServer(agent: agent, clients: clients).run()
    }
}
