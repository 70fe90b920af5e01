// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `server logger get` and `agent logger get`
struct LoggerGet<Door: LoggerDoor>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "get", abstract: "Shows the log level.")
    }

    @OptionGroup var door: Door
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let levels = try await doing("failed to get logger") { try await door.ask(.get) }
        try output.print(levels.json) { levels.text }
    }
}
