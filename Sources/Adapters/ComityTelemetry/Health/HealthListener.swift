// SPDX-License-Identifier: Apache-2.0

import Glibc
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
        let responder = CallbackResponder<BasicRequestContext> { request, _ in respond(to: request.uri.path) }
        let application = Application(
            responder: responder,
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: settings.port), serverName: nil, reuseAddress: true),
            onServerRunning: { await announce($0) }, logger: Logger(label: "health") { _ in SwiftLogNoOpLogHandler() })
        do {
            try await application.run()
        } catch {
            throw explain(error)
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

    /// Go resolves the name to IPv4 where it can; the resolver here may not.
    private var host: String {
        settings.address == "localhost" ? "127.0.0.1" : settings.address.filter { $0 != "[" && $0 != "]" }
    }

    private func announce(_ channel: any Channel) async {
        let port = channel.localAddress?.port ?? settings.port
        logger.info("Serving health checks", metadata: [.address: "\(settings.address):\(port)"])
        await onServing(port)
    }

    private func explain(_ error: any Error) -> any Error {
        guard let code = (error as? IOError)?.errnoCode else { return error }
        let place = "health checks cannot be served on \(settings.address) port \(settings.port)"
        let cure =
            switch code {
            case EADDRINUSE: "another process already listens there; stop it or set health_checks.bind_port"
            case EACCES, EPERM: "ports below 1024 need privileges; set health_checks.bind_port"
            default: "\(String(cString: strerror(code)).lowercased()); check health_checks.bind_address"
            }
        return TelemetryError(.listen, "\(place): \(cure)")
    }
}
