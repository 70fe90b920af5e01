// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `server agent`
struct NodesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agent", abstract: "The agents that the server let in.",
        subcommands: [
            NodesList.self, NodesShow.self, NodesCount.self, NodesEvict.self, NodesBan.self, NodesPurge.self,
        ])
}
