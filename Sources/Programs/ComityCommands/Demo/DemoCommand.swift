// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `comity demo`
struct DemoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "Shows two trust domains that trust each other while their keys change.",
        subcommands: [DemoRun.self, DemoWorkloadCommand.self], defaultSubcommand: DemoRun.self)
}
