// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityConfiguration
import ComityServer
import ComityTelemetry
import Logging

/// `server run`
struct ServerRun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "run", abstract: "Runs the server.")

    @OptionGroup var flags: ServerRunFlags

    func run() async throws {
        let loaded = try flags.load()
        let settings = try ServerSettings(loaded.configuration, version: ComityVersion.current)
        let log = try Log(loaded.configuration.log)
        try await ProgramRun(log: log, crashMessage: "Server crashed")
            .run(warnings: loaded.warnings) { logger in
                ServerProgram.tightenCreationMask(logger: logger)
                return ServerProgram(settings: settings, logger: logger, levels: log.levels)
            }
    }
}
