// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `comity`: the programs that the executable is.
struct ComityCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "comity", abstract: "A SPIFFE identity platform.",
        subcommands: [
            ServerCommand.self, AgentCommand.self, ControllerCommand.self, FederationToolsCommand.self,
            ManifestsCommand.self, InspectCommand.self, DemoCommand.self,
        ])
}
