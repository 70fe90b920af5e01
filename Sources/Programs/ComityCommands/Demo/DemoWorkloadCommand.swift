// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `comity demo workload`, which the demonstration starts.
struct DemoWorkloadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "workload", abstract: "A workload of the demonstration.", shouldDisplay: false,
        subcommands: [DemoWorkloadServer.self, DemoWorkloadClient.self])
}
