// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityConfiguration

/// `server validate`
struct ServerValidate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate", abstract: "Validates a server configuration file.")

    @OptionGroup var flags: ServerRunFlags

    func run() throws {
        for warning in try flags.load().warnings { Console.error("\(warning)\n") }
        Console.out("SPIRE server configuration file is valid.\n")
    }
}
