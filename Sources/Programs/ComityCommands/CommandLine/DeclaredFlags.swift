// SPDX-License-Identifier: Apache-2.0

package import ArgumentParser
import SPIFFE

/// The flags that a command knows.
package struct DeclaredFlags: Hashable, Sendable {
    /// Flags that take a value.
    package var options: Set<String>
    /// Flags that are true or false.
    package var switches: Set<String>
    /// Whether there may be arguments beside the flags.
    package var takesArguments: Bool
    /// What the value of an option is, for people.
    private var meanings: [String: String] = [:]

    private static let maximumDescription = 1 << 20
    private static let help: Set<String> = ["h", "help"]

    package init(options: Set<String> = [], switches: Set<String> = [], takesArguments: Bool = false) {
        self.options = options
        self.switches = switches
        self.takesArguments = takesArguments
    }

    /// Asks a command for its flags.
    package init(of command: any ParsableCommand.Type) {
        self.init()
        // The one description of a command's flags that ArgumentParser gives out.
        let description = Array(command._dumpHelp().utf8)
        let tree = try? JSONValue(parsing: description, maximumBytes: Self.maximumDescription)
        for argument in tree?["command"]?["arguments"]?.array ?? [] {
            let names = (argument["names"]?.array ?? []).compactMap { $0["name"]?.string }
            switch argument["kind"]?.string {
            case "option":
                options.formUnion(names)
                for name in names { meanings[name] = argument["abstract"]?.string }
            case "positional": takesArguments = true
            default: switches.formUnion(names)
            }
        }
        switches.subtract(Self.help)
    }

    var all: [String] {
        options.union(switches).sorted()
    }

    /// Makes the command from its flags in canonical form.
    ///
    /// - Throws: ``CommandError`` in the words of Go's `flag` package when the value of a flag cannot be read, else what
    ///   ArgumentParser throws.
    func parse(_ arguments: [String], as command: any ParsableCommand.Type) throws -> any ParsableCommand {
        do {
            return try command.parse(arguments)
        } catch {
            throw unreadable(in: arguments, of: command) ?? error
        }
    }

    /// The flag that cannot be read even on its own: every flag may be left out.
    private func unreadable(in arguments: [String], of command: any ParsableCommand.Type) -> CommandError? {
        for argument in arguments where (try? command.parse([argument])) == nil {
            let parts = argument.drop { $0 == "-" }.split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { continue }
            let name = String(parts[0])
            return CommandError(
                .input, "invalid value \(String(parts[1]).quoted) for flag -\(name): parse error",
                cure: meanings[name].map { "-\(name): \($0)" })
        }
        return nil
    }
}
