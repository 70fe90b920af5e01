// SPDX-License-Identifier: Apache-2.0

package import Logging

/// Where gRPC is served, and for whom: a Unix socket or a TLS port.
///
/// ```swift
/// let listener = GRPCListener.unix(path: "/tmp/spire-server/private/api.sock", mode: 0o770, directoryMode: 0o750)
/// let server = GRPCServer(transport: listener.makeTransport(logger: logger), services: services)
/// try await GRPCService(server: server).run()
/// ```
package struct GRPCListener: Sendable {
    enum Endpoint: Sendable {
        case unix(UnixSocket)
        case tls(host: String, port: Int, ServerTLS)
    }

    let endpoint: Endpoint
    let limits: ListenerLimits

    /// Plain gRPC on a Unix socket; who called is known from the kernel.
    ///
    /// - Parameters:
    ///   - mode: Of the socket, whatever the umask.
    ///   - directoryMode: Of folders that have to be made; the umask applies, unless `isDirectoryModeExact`.
    package static func unix(
        path: String, mode: UInt32, directoryMode: UInt32, isDirectoryModeExact: Bool = false,
        limits: ListenerLimits = .local
    ) -> GRPCListener {
        let socket = UnixSocket(
            path: path, mode: mode, directoryMode: directoryMode, isDirectoryModeExact: isDirectoryModeExact)
        return GRPCListener(endpoint: .unix(socket), limits: limits)
    }

    /// gRPC by TLS 1.2 or later on a TCP port; port 0 takes a free one.
    package static func tls(
        host: String, port: Int, _ tls: ServerTLS, limits: ListenerLimits = .remote
    ) -> GRPCListener {
        GRPCListener(endpoint: .tls(host: host, port: port, tls), limits: limits)
    }

    /// Makes the transport for one `GRPCServer`. Nothing is bound before the server runs.
    package func makeTransport(logger: Logger) -> PeerServerTransport {
        PeerServerTransport(listener: self, logger: logger)
    }
}
