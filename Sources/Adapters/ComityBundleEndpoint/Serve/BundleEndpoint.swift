// SPDX-License-Identifier: Apache-2.0

import ComityTransport
import Glibc
import HummingbirdCore
package import Logging
import NIOCore
import NIOPosix
package import SPIFFE
import ServiceLifecycle

/// Serves the own bundle to the world by HTTPS (Federation §5).
package struct BundleEndpoint: Service {
    private let address: String?
    private let port: Int
    private let refreshHint: Int64
    private let limits: EndpointLimits
    private let certificate: any EndpointCertificate
    private let bundle: @Sendable () async throws -> SPIFFEBundle
    private let onServing: @Sendable (Int) async -> Void
    private let logger: Logger

    /// - Parameters:
    ///   - address: an IP address; `nil` or empty is all interfaces.
    ///   - port: 0 lets the system choose one.
    ///   - refreshHint: in seconds; replaces what the bundle says.
    ///   - bundle: the own bundle of the moment, asked for each request.
    ///   - onServing: told the port once requests are answered.
    package init(
        address: String?, port: Int, refreshHint: Int64, limits: EndpointLimits = EndpointLimits(),
        certificate: any EndpointCertificate, bundle: @escaping @Sendable () async throws -> SPIFFEBundle,
        onServing: @escaping @Sendable (Int) async -> Void = { _ in }, logger: Logger
    ) {
        self.address = address
        self.port = port
        self.refreshHint = refreshHint
        self.limits = limits
        self.certificate = certificate
        self.bundle = bundle
        self.onServing = onServing
        self.logger = logger
    }

    /// Serves until cancelled or shut down.
    ///
    /// - Throws: ``BundleEndpointError`` with code `listen`.
    package func run() async throws {
        let addresses = address.flatMap { $0.isEmpty ? nil : [$0] } ?? ["::", "0.0.0.0"]
        for (index, host) in addresses.enumerated() {
            do {
                return try await serve(on: host)
            } catch {
                guard index + 1 < addresses.count, Self.lacksIPv6(error) else { throw explain(error, host: host) }
            }
        }
    }

    private func serve(on host: String) async throws {
        let responder = BundleResponder(refreshHint: refreshHint, bundle: bundle)
        let channel = EndpointChannel(certificate: certificate, limits: limits) { request, writer, _ in
            let response = await responder.respond(to: request)
            try await writer.write(response: response.head, body: ResponseBody(byteBuffer: response.body))
        }
        let server = channel.server(
            configuration: ServerConfiguration(
                address: .hostname(host, port: port),
                availableConnectionsDelegate: .maximum(limits.maximumConnections, logger: logger)),
            onServerRunning: { await announce($0) },
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            // Its lines repeat ours, and it calls being stopped an error.
            logger: Logger(label: "bundle endpoint") { _ in SwiftLogNoOpLogHandler() })
        try await server.run()
    }

    private func announce(_ channel: any Channel) async {
        let address = channel.localAddress
        let host = address?.ipAddress ?? ""
        logger.info(
            "Serving bundle endpoint",
            metadata: [
                "addr": "\(host.contains(":") ? "[\(host)]" : host):\(address?.port ?? port)",
                "refresh_hint": .stringConvertible(Duration.seconds(refreshHint)),
            ])
        await onServing(address?.port ?? port)
    }

    private func explain(_ error: any Error, host: String) -> BundleEndpointError {
        let place = "bundle endpoint cannot listen on \(host) port \(port)"
        return switch (error as? IOError)?.errnoCode {
        case EADDRINUSE:
            BundleEndpointError(.listen, "\(place): another process already does; stop it or set another port")
        case EACCES, EPERM:
            BundleEndpointError(.listen, "\(place): ports below 1024 need privileges; set another port")
        case EADDRNOTAVAIL:
            BundleEndpointError(.listen, "\(place): this machine has no such address; set another")
        default:
            BundleEndpointError(.listen, place, cause: ConnectionFailure(error))
        }
    }

    private static func lacksIPv6(_ error: any Error) -> Bool {
        guard let code = (error as? IOError)?.errnoCode else { return false }
        return code == EAFNOSUPPORT || code == EADDRNOTAVAIL
    }
}
