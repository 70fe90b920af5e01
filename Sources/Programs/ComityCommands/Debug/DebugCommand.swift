// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `server debug`
struct DebugCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "debug", abstract: "How the running server is.", subcommands: [DebugGetInfo.self])
}
