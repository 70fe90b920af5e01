// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityConfiguration

/// `agent validate`
struct AgentValidate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate", abstract: "Validates an agent configuration file.")

    @OptionGroup var flags: AgentRunFlags

    func run() throws {
        for warning in try flags.load().warnings { Console.error("\(warning)\n") }
        Console.out("SPIRE agent configuration file is valid.\n")
    }
}
