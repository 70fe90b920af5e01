// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `comity agent`, and all of `spire-agent`.
struct AgentCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agent", abstract: "Serves identities to the workloads of one node, and the commands that ask it.",
        subcommands: [
            AgentRun.self, AgentValidate.self, AgentHealthcheck.self, WorkloadCommand.self,
            LoggerCommand<AgentAdminOptions>.self, AgentDebugCommand.self,
        ])
}
