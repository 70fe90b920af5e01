// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `server logger reset` and `agent logger reset`
struct LoggerReset<Door: LoggerDoor>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "reset", abstract: "Puts the log level back to that of the start.")
    }

    @OptionGroup var door: Door
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let levels = try await doing("failed to reset log level") { try await door.ask(.reset) }
        try output.print(levels.json) { levels.text }
    }
}
