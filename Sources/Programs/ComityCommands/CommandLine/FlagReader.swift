// SPDX-License-Identifier: Apache-2.0

import ComityConfiguration
import SPIFFE

/// Reads flags by the rules of Go's `flag` package, which SPIRE's users and scripts rely on, and writes them in the one
/// form that ArgumentParser cannot misread: `-name=value`.
///
/// One or two dashes are the same; a value follows after `=` or as the next argument, whatever it begins with; a switch
/// takes a value only after `=`; the first argument that is no flag ends the flags. Go ignores what follows then; where a
/// command takes no arguments it is refused, since a flag that is ignored may be the one that matters.
package struct FlagReader: Sendable {
    package enum Outcome: Hashable, Sendable {
        /// Flags in canonical form, then the rest.
        case arguments([String])
        /// `-h` or `-help` was asked for.
        case help
    }

    private static let trueWords: Set = ["1", "t", "T", "true", "TRUE", "True"]
    private static let falseWords: Set = ["0", "f", "F", "false", "FALSE", "False"]

    private let flags: DeclaredFlags

    package init(_ flags: DeclaredFlags) {
        self.flags = flags
    }

    /// - Throws: ``CommandError`` with code `input`.
    package func read(_ arguments: [String]) throws(CommandError) -> Outcome {
        var result: [String] = []
        var rest = arguments[...]
        while let argument = rest.first, argument.count > 1, argument.hasPrefix("-") {
            rest.removeFirst()
            if argument == "--" { break }
            let (name, value) = try Self.split(argument)
            if flags.switches.contains(name) {
                if let flag = try setting(name, to: value) { result.append(flag) }
            } else if flags.options.contains(name) {
                guard let value = value ?? rest.popFirst() else {
                    throw CommandError(.input, "flag needs an argument: -\(name)")
                }
                result.append("-\(name)=\(value)")
            } else if name == "h" || name == "help" {
                return .help
            } else {
                throw unknown(name)
            }
        }
        if let stray = rest.first, !flags.takesArguments {
            throw CommandError(
                .input, "unexpected argument \(stray.quoted)",
                cure: "a value follows its flag, and a switch takes one only after =, as in -admin=false")
        }
        return .arguments(result + rest)
    }

    private static func split(_ argument: String) throws(CommandError) -> (name: String, value: String?) {
        let body = argument.dropFirst(argument.hasPrefix("--") ? 2 : 1)
        let parts = body.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard let name = parts.first, !name.isEmpty, !name.hasPrefix("-") else {
            throw CommandError(.input, "bad flag syntax: \(argument)")
        }
        return (String(name), parts.count > 1 ? String(parts[1]) : nil)
    }

    /// What turns a switch on or off; `nil` when it is off by itself.
    private func setting(_ name: String, to value: String?) throws(CommandError) -> String? {
        guard let value, !Self.trueWords.contains(value) else { return "-\(name)" }
        guard Self.falseWords.contains(value) else {
            throw CommandError(.input, "invalid boolean value \(value.quoted) for -\(name): use true or false")
        }
        // ArgumentParser joins the prefix in the manner of the name.
        let opposites = ["no-\(name)", "no\(name.prefix(1).uppercased())\(name.dropFirst())"]
        return opposites.first(where: flags.switches.contains).map { "-\($0)" }
    }

    private func unknown(_ name: String) -> CommandError {
        let hint = Suggestion.nearest(to: name, among: flags.all).map { " (did you mean -\($0)?)" } ?? ""
        return CommandError(.input, "flag provided but not defined: -\(name)\(hint)")
    }
}
