// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `server logger` and `agent logger`
struct LoggerCommand<Door: LoggerDoor>: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "logger", abstract: "The log level of the running \(Door.program).",
            subcommands: [LoggerGet<Door>.self, LoggerSet<Door>.self, LoggerReset<Door>.self])
    }
}
