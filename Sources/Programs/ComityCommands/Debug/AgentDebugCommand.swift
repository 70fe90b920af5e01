// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `agent debug`
struct AgentDebugCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "debug", abstract: "How the running agent is.", subcommands: [AgentDebugGetInfo.self])
}
