// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// The way from the program to one command, as it was typed.
struct CommandPath {
    /// What stands at the end of the way.
    enum End {
        case command(any ParsableCommand.Type, arguments: [String])
        /// A word is no command of its group.
        case unknown(word: String)
        /// The group was named without any of its commands.
        case missing
        /// Help on the group was asked for.
        case help
        case version
    }

    private static let helpFlags: Set = ["-h", "-help", "--help"]
    private static let versionFlags: Set = ["-v", "-version", "--version"]

    /// The words that lead here, the program's name first.
    private(set) var words: [String]
    /// The last group on the way.
    private(set) var group: any ParsableCommand.Type
    private(set) var end = End.missing

    init(_ arguments: [String], of root: any ParsableCommand.Type, called name: String) {
        words = [name]
        group = root
        follow(arguments[...])
    }

    var commands: [any ParsableCommand.Type] {
        group.configuration.subcommands
    }

    private mutating func follow(_ arguments: ArraySlice<String>) {
        var rest = arguments
        while true {
            guard let word = rest.first, let next = commands.first(where: { $0.name == word }) else {
                end = end(at: rest)
                return
            }
            words.append(word)
            rest.removeFirst()
            guard !next.configuration.subcommands.isEmpty else {
                end = .command(next, arguments: Array(rest))
                return
            }
            group = next
        }
    }

    private func end(at rest: ArraySlice<String>) -> End {
        let isProgram = words.count <= 2
        switch rest.first {
        case let flag? where isProgram && Self.versionFlags.contains(flag): return .version
        case "version"? where isProgram: return .version
        case let flag? where Self.helpFlags.contains(flag): return .help
        case let word where word == nil || word?.hasPrefix("-") == true:
            guard let standard = group.configuration.defaultSubcommand else { return .missing }
            return .command(standard, arguments: Array(rest))
        case let word?: return .unknown(word: word)
        case nil: return .missing
        }
    }
}

extension ParsableCommand {
    static var name: String {
        configuration.commandName ?? ""
    }
}
