// SPDX-License-Identifier: Apache-2.0

import ComityTelemetry
package import Logging
import ServiceLifecycle

/// The controller: keeps what custom resources declare and what a server has in step.
package struct ControllerProgram: Service {
    private let configuration: ControllerConfiguration
    private let environment: [String: String]
    private let logger: Logger
    private let output: @Sendable (String) -> Void
    private let onEvent: @Sendable (ControllerEvent) async -> Void

    /// - Parameters:
    ///   - output: Where a dry run writes its lines.
    ///   - onEvent: Told each event of the start.
    package init(
        _ configuration: ControllerConfiguration, environment: [String: String], logger: Logger,
        output: @escaping @Sendable (String) -> Void = { _ in },
        onEvent: @escaping @Sendable (ControllerEvent) async -> Void = { _ in }
    ) {
        self.configuration = configuration
        self.environment = environment
        self.logger = logger
        self.output = output
        self.onEvent = onEvent
    }

    /// Works until it is asked to stop, or for one pass when it is a dry run.
    ///
    /// - Throws: Why it cannot begin, or why the one pass of a dry run did not go through.
    package func run() async throws {
        var logger = logger
        logger[.subsystemName] = "setup"
        logger.log(level: .info, "Config loaded", metadata: configuration.effectiveValues)
        guard let path = configuration.staticManifestPath else {
            throw ControllerError(.cluster, "no cluster can be used yet: set staticManifestPath")
        }
        let controller = StaticController(configuration, path: path, environment: environment, logger: self.logger)
        if configuration.isDryRun {
            try await controller.printPlans(to: output)
        } else {
            try await controller.run(onEvent)
        }
    }
}
