// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `server token`
struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Join tokens, by which a node proves itself once.",
        subcommands: [TokenGenerate.self])
}
