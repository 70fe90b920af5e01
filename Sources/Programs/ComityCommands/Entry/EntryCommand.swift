// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `server entry`
struct EntryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "entry", abstract: "Registration entries: who gets which identity.",
        subcommands: [EntryCreate.self, EntryShow.self, EntryUpdate.self, EntryDelete.self, EntryCount.self])
}
