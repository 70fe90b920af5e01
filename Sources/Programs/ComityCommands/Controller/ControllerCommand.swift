// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `comity controller`
struct ControllerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "controller", abstract: "Keeps custom resources and a server in step.",
        subcommands: [ControllerRun.self], defaultSubcommand: ControllerRun.self)
}
