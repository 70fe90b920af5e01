// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityAgent
import ComityConfiguration
import ComityTelemetry
import Logging

/// `agent run`
struct AgentRun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "run", abstract: "Runs the agent.")

    @OptionGroup var flags: AgentRunFlags

    func run() async throws {
        let loaded = try flags.load()
        let settings = try AgentSettings(loaded.configuration, version: ComityVersion.current)
        let log = try Log(loaded.configuration.log)
        try await ProgramRun(log: log, crashMessage: "Agent crashed")
            .run(warnings: loaded.warnings) { AgentProgram(settings: settings, logger: $0, levels: log.levels) }
    }
}
