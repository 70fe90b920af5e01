// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// Which authority a command is about.
struct AuthorityFlags: ParsableArguments {
    @Option(name: .flag("authorityID"), help: "The authority ID, as show prints it.")
    var authorityID = ""

    /// - Throws: ``CommandError`` with code `input`.
    func id() throws(CommandError) -> String {
        guard !authorityID.isEmpty else { throw CommandError(.input, "an authority ID is required") }
        return authorityID
    }
}
