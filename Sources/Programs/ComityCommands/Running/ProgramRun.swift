// SPDX-License-Identifier: Apache-2.0

import ComityConfiguration
import ComityTelemetry
import Glibc
import Logging
import ServiceLifecycle
import UnixSignals

/// Runs a program of ours as a process: its log, its rights, the signals that stop it.
struct ProgramRun {
    /// Nothing for other users, and nothing that the group may write.
    private static let strictMask: mode_t = 0o027

    let log: Log
    /// What the log says when the program ends by a failure.
    let crashMessage: Logger.Message
    /// Whether files and folders are kept from other users; an agent's socket is for all of them.
    let isPrivate: Bool

    /// Runs until the program ends or a signal stops it.
    ///
    /// - Parameter warnings: What the configuration's reader should know.
    /// - Throws: Why the program ended.
    func run(
        warnings: [ConfigurationFault], _ makeProgram: (Logger) -> any Service
    ) async throws {
        let logger = log.logger()
        if isPrivate { tightenMask(logger) }
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

    private func tightenMask(_ logger: Logger) {
        let current = umask(Self.strictMask)
        let tightened = current | Self.strictMask
        guard tightened != current else {
            umask(current)
            return
        }
        umask(tightened)
        logger.warning(
            "Current umask is too permissive; setting a stricter one",
            metadata: ["umask": "\(Self.octal(current))", "new_umask": "\(Self.octal(tightened))"])
    }

    private static func octal(_ mask: mode_t) -> String {
        "0" + String(mask, radix: 8)
    }
}
