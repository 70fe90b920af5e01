// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityTelemetry
import ComityWire
import SPIFFE
import ServerAPIProtos

/// `server logger set` and `agent logger set`
struct LoggerSet<Door: LoggerDoor>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "set", abstract: "Changes the log level until the program ends.")
    }

    @OptionGroup var door: Door
    @OptionGroup var output: OutputOptions

    @Option(name: .flag("level"), help: "The new level: \(LogLevel.allCases.map(\.rawValue).joined(separator: ", ")).")
    var level = ""

    func run() async throws {
        guard !level.isEmpty else { throw CommandError(.input, "a value (-level) must be set") }
        guard let level = LogLevel(name: level) else {
            let levels = LogLevel.allCases.map(\.rawValue).joined(separator: ", ")
            throw CommandError(
                .input, "the value \(level.quoted) is not a valid setting", cure: "-level takes one of \(levels)")
        }
        let levels = try await doing("failed to set log level") {
            try await door.ask(.set(Spire_Api_Types_LogLevel(level)))
        }
        try output.print(levels.json) { levels.text }
    }
}
