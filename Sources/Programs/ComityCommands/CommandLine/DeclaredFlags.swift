// SPDX-License-Identifier: Apache-2.0

package import ArgumentParser
import SPIFFE

/// The flags that a command knows.
package struct DeclaredFlags: Hashable, Sendable {
    /// Flags that take a value.
    package var options: Set<String>
    /// Flags that are true or false.
    package var switches: Set<String>

    private static let maximumDescription = 1 << 20
    private static let help: Set<String> = ["h", "help"]

    package init(options: Set<String> = [], switches: Set<String> = []) {
        self.options = options
        self.switches = switches
    }

    /// Asks a command for its flags.
    package init(of command: any ParsableCommand.Type) {
        self.init()
        // The one description of a command's flags that ArgumentParser gives out.
        let description = Array(command._dumpHelp().utf8)
        let tree = try? JSONValue(parsing: description, maximumBytes: Self.maximumDescription)
        for argument in tree?["command"]?["arguments"]?.array ?? [] {
            let names = (argument["names"]?.array ?? []).compactMap { $0["name"]?.string }
            if argument["kind"]?.string == "option" {
                options.formUnion(names)
            } else {
                switches.formUnion(names)
            }
        }
        switches.subtract(Self.help)
    }

    var all: [String] {
        options.union(switches).sorted()
    }
}
