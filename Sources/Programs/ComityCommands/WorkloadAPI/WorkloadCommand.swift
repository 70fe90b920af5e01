// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `agent api`
struct WorkloadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "api", abstract: "What a workload gets from this agent.",
        subcommands: [WorkloadFetchCommand.self, WorkloadValidateCommand.self, WorkloadWatch.self])
}
