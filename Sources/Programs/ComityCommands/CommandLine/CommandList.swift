// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// The commands of a group, for somebody who named none or a wrong one.
enum CommandList {
    static func text(of path: CommandPath) -> String {
        let commands = path.commands.map { ($0.name, $0.configuration.abstract) }
        let width = commands.map(\.0.count).max() ?? 0
        let lines = commands.map { name, abstract in
            "    \(name)\(String(repeating: " ", count: width - name.count))    \(abstract)\n"
        }
        let words = path.words.joined(separator: " ")
        return "Usage: \(words) <command> [flags]\n\nAvailable commands are:\n\(lines.joined())"
            + "\nFlags of a command: \(words) <command> -h\n"
    }
}
