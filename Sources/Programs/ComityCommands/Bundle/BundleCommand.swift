// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `server bundle`
struct BundleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bundle", abstract: "The own bundle and those of other trust domains.",
        subcommands: [BundleShow.self, BundleList.self, BundleSetCommand.self, BundleCount.self, BundleDelete.self])
}
