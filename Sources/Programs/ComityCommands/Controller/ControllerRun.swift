// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityConfiguration
import ComityController
import ComityTelemetry
import Foundation
import Logging

/// `comity controller [run]`
struct ControllerRun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "run", abstract: "Runs the controller.")

    @OptionGroup var flags: ControllerRunFlags

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        let flags = try flags.read()
        let loaded = try ControllerConfiguration.load(flags, environment: environment)
        let configuration = loaded.configuration
        // Standard output is for the plan of a dry run.
        let log = try Log(
            LogSettings(level: configuration.logLevel, format: configuration.logFormat, usesStandardError: true))
        try await ProgramRun(log: log, crashMessage: "Problem running manager").run(warnings: loaded.warnings) {
            ControllerProgram(
                configuration, kubeconfig: flags.kubeconfig, version: ComityVersion.current,
                environment: environment, logger: $0, output: { Console.out($0 + "\n") })
        }
    }
}
