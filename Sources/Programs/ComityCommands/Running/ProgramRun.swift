// SPDX-License-Identifier: Apache-2.0

import ComityConfiguration
import ComityTelemetry
import Logging
import ServiceLifecycle
import UnixSignals

/// Runs a program of ours as a process: its log and the signals that stop it.
struct ProgramRun {
    let log: Log
    /// What the log says when the program ends by a failure.
    let crashMessage: Logger.Message

    /// Runs until the program ends or a signal stops it.
    ///
    /// - Parameter warnings: What the configuration's reader should know.
    /// - Throws: Why the program ended.
    func run(
        warnings: [ConfigurationFault], _ makeProgram: (Logger) -> any Service
    ) async throws {
        let logger = log.logger()
        for warning in warnings {
            // The texts are SPIRE's own log lines, so they stay messages.
            let place = warning.place.map { "\(warning.file):\($0)" } ?? warning.file
            logger.warning(Logger.Message(stringLiteral: warning.message), metadata: ["file": "\(place)"])
        }
        var configuration = ServiceGroupConfiguration(
            services: [
                .init(service: LogReopening(log: log, logger: logger)),
                .init(service: makeProgram(logger), successTerminationBehavior: .gracefullyShutdownGroup),
            ],
            gracefulShutdownSignals: [.sigint, .sigterm],
            logger: Logger(label: "lifecycle") { _ in SwiftLogNoOpLogHandler() })
        configuration.maximumGracefulShutdownDuration = .seconds(30)
        do {
            try await ServiceGroup(configuration: configuration).run()
        } catch {
            logger.error(crashMessage, metadata: ["error": "\(error)"])
            throw error
        }
    }
}
