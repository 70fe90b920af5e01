// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// How a command is used, under the name by which it was called.
enum CommandUsage {
    /// One line, with its line break.
    static func line(for command: any ParsableCommand.Type, called words: [String]) -> String {
        "Usage: \(renamed(command.usageString(), command, words))\n"
    }

    /// Everything about the command.
    static func help(for command: any ParsableCommand.Type, called words: [String]) -> String {
        let mark = "USAGE: "
        let parts = command.helpMessage().split(separator: mark, maxSplits: 1)
        guard parts.count == 2 else { return command.helpMessage() + "\n" }
        return parts[0] + mark + renamed(String(parts[1]), command, words) + "\n"
    }

    private static func renamed(
        _ usage: String, _ command: any ParsableCommand.Type, _ words: [String]
    ) -> String {
        guard usage.hasPrefix(command.name) else { return usage }
        return words.joined(separator: " ") + usage.dropFirst(command.name.count)
    }
}
