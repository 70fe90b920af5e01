// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `comity federation`
struct FederationToolsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "federation", abstract: "Prepares federation with other trust domains.",
        subcommands: [FederationManifest.self])
}
