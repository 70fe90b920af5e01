// SPDX-License-Identifier: Apache-2.0

import Glibc
import Hummingbird
import Logging
import NIOCore

/// Answers requests of operators by plain HTTP on one port.
struct PlainHTTPListener: Sendable {
    /// What is served, for errors.
    let subject: String
    let address: String
    let port: Int
    /// The keys of the configuration that address and port come from.
    let addressKey: String
    let portKey: String

    /// Serves until cancelled or shut down.
    ///
    /// - Parameter onServing: Told the port once requests are answered.
    /// - Throws: ``TelemetryError`` with code `listen`.
    func run(
        respond: @escaping @Sendable (_ path: String) async -> Response,
        onServing: @escaping @Sendable (Int) async -> Void
    ) async throws {
        let application = Application(
            responder: CallbackResponder<BasicRequestContext> { request, _ in await respond(request.uri.path) },
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: port), serverName: nil, reuseAddress: true),
            onServerRunning: { await onServing($0.localAddress?.port ?? port) },
            logger: Logger(label: "http") { _ in SwiftLogNoOpLogHandler() })
        do {
            try await application.run()
        } catch {
            throw explain(error)
        }
    }

    /// Go resolves the name to IPv4 where it can; the resolver here may not.
    private var host: String {
        address == "localhost" ? "127.0.0.1" : address.filter { $0 != "[" && $0 != "]" }
    }

    private func explain(_ error: any Error) -> any Error {
        let place = "\(subject) cannot be served on \(address) port \(port)"
        if error is SocketAddressError {
            return TelemetryError(.listen, "\(place): the name cannot be resolved; check \(addressKey)")
        }
        guard let code = (error as? IOError)?.errnoCode else { return error }
        let cure =
            switch code {
            case EADDRINUSE: "another process already listens there; stop it or set \(portKey)"
            case EACCES, EPERM: "ports below 1024 need privileges; set \(portKey)"
            default: "\(String(cString: strerror(code)).lowercased()); check \(addressKey)"
            }
        return TelemetryError(.listen, "\(place): \(cure)")
    }
}
