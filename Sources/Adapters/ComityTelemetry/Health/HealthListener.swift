// SPDX-License-Identifier: Apache-2.0

import Hummingbird
package import Logging
import NIOCore
import ServiceLifecycle

/// Serves the state of health by plain HTTP.
package struct HealthListener: Service {
    private let settings: HealthListenerSettings
    private let state: HealthState
    private let logger: Logger
    private let onServing: @Sendable (Int) async -> Void

    /// - Parameter onServing: told the port once requests are answered.
    package init(
        _ settings: HealthListenerSettings, state: HealthState, logger: Logger,
        onServing: @escaping @Sendable (Int) async -> Void = { _ in }
    ) {
        self.settings = settings
        self.state = state
        self.logger = logger.with(.subsystemName, "health")
        self.onServing = onServing
    }

    /// Serves until cancelled or shut down.
    ///
    /// - Throws: ``TelemetryError`` with code `listen`.
    package func run() async throws {
        let listener = PlainHTTPListener(
            subject: "health checks", address: settings.address, port: settings.port,
            addressKey: settings.addressKey, portKey: settings.portKey)
        try await listener.run { path in
            respond(to: path)
        } onServing: { port in
            logger.info("Serving health checks", metadata: [.address: "\(settings.address):\(port)"])
            await onServing(port)
        }
    }

    private func respond(to path: String) -> Response {
        let isGood: Bool
        switch path {
        case settings.livePath: isGood = state.isLive
        case settings.readyPath: isGood = state.isReady
        default: return Response(status: .notFound)
        }
        return Response(
            status: isGood ? .ok : .internalServerError, headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: state.body)))
    }
}
