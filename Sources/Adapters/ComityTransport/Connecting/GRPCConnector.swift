// SPDX-License-Identifier: Apache-2.0

package import GRPCCore
import GRPCNIOTransportHTTP2Posix
import Glibc
import NIOCore
import NIOSSL

/// Where a gRPC server is and how it proves itself.
///
/// ```swift
/// let token = try await GRPCConnector.unix(path: path).withClient { client in
///     try await Spire_Api_Server_Agent_V1_Agent.Client(wrapping: client).createJoinToken(request)
/// }
/// ```
/// A client that lives longer is made from ``makeConnection()``.
package struct GRPCConnector: Sendable {
    enum Endpoint: Sendable {
        case unix(path: String)
        case tls(host: String, port: Int, ClientTLS)
    }

    let endpoint: Endpoint

    /// The deadline of each call that sets none itself; `nil` for streams that stay open.
    package var callTimeout: Duration?

    /// Calls that may be sent again when their connection ends under them, as it does at a server's maximum age: those
    /// that do no harm when done twice.
    package var repeatableMethods: [MethodDescriptor] = []

    package static func unix(path: String, callTimeout: Duration? = nil) -> GRPCConnector {
        GRPCConnector(endpoint: .unix(path: path), callTimeout: callTimeout)
    }

    /// - Parameter host: A DNS name or an IP address; it is not checked against the server's certificate.
    package static func tls(
        host: String, port: Int, _ tls: ClientTLS, callTimeout: Duration? = nil
    ) -> GRPCConnector {
        GRPCConnector(endpoint: .tls(host: host, port: port, tls), callTimeout: callTimeout)
    }

    /// Connects for as long as `body` runs.
    package func withClient<Result: Sendable>(
        interceptors: [any ClientInterceptor] = [],
        _ body: (GRPCClient<GRPCConnection>) async throws -> Result
    ) async throws -> Result {
        try await withGRPCClient(transport: try makeConnection(), interceptors: interceptors, handleClient: body)
    }

    /// Makes the transport of one `GRPCClient` that connects by itself whenever it has to.
    package func makeConnection() throws -> GRPCConnection {
        try GRPCConnection(self)
    }

    func makeTransport(noting refusal: RefusalNote) throws -> HTTP2ClientTransport.Posix {
        try HTTP2ClientTransport.Posix(
            target: target, transportSecurity: security(noting: refusal),
            config: .defaults { config in
                config.backoff = .init(
                    initial: .milliseconds(200), max: .seconds(5), multiplier: 1.6, jitter: 0.2)
                config.connection.flushCoalescing = nil
                config.connection.keepalive = .init(time: .seconds(60), timeout: .seconds(20), allowWithoutCalls: false)
                if case .unix = endpoint {
                    // What gRPC libraries of other make send for Unix sockets.
                    config.http2.authority = "localhost"
                    config.connection.keepalive = nil
                }
            },
            serviceConfig: serviceConfig)
    }

    private var serviceConfig: ServiceConfig {
        var methods = [MethodConfig(names: [.init(service: "")], timeout: callTimeout)]
        if !repeatableMethods.isEmpty {
            let policy = RetryPolicy(
                maxAttempts: 4, initialBackoff: .milliseconds(20), maxBackoff: .milliseconds(500),
                backoffMultiplier: 2, retryableStatusCodes: [.unavailable])
            let names = repeatableMethods.map {
                MethodConfig.Name(service: $0.service.fullyQualifiedService, method: $0.method)
            }
            methods.append(MethodConfig(names: names, timeout: callTimeout, executionPolicy: .retry(policy)))
        }
        return ServiceConfig(
            methodConfig: methods, loadBalancingConfig: [.pickFirst(shuffleAddressList: true)])
    }

    private var target: any ResolvableTarget {
        switch endpoint {
        case .unix(let path): .unixDomainSocket(path: path)
        case .tls(let host, let port, _):
            switch Self.family(of: host) {
            case AF_INET: .ipv4(address: host, port: port)
            case AF_INET6: .ipv6(address: host, port: port)
            default: .dns(host: host, port: port)
            }
        }
    }

    private func security(noting refusal: RefusalNote) -> HTTP2ClientTransport.Posix.TransportSecurity {
        guard case .tls(_, _, let tls) = endpoint else { return .plaintext }
        return .tls { config in
            config.trustRoots = .certificates([])
            // Not `.noVerification`: that would turn the callback off.
            config.serverCertificateVerification = .noHostnameVerification
            config.certificateReloader = TLSIdentityReloader(identity: tls.identity)
            config.customVerificationCallback = { presented, promise in
                // The handshake waits for this task by its promise.
                promise.completeWithTask {
                    do {
                        let certificates = try PeerCertificates.parse(presented)
                        try await tls.verifyServer(certificates)
                        refusal.clear()
                        return .certificateVerified(.init(nil))
                    } catch {
                        refusal.set(error)
                        return .failed
                    }
                }
            }
        }
    }

    private static func family(of host: String) -> Int32? {
        var buffer = in6_addr()
        if inet_pton(AF_INET, host, &buffer) == 1 { return AF_INET }
        if inet_pton(AF_INET6, host, &buffer) == 1 { return AF_INET6 }
        return nil
    }
}

extension GRPCConnector: CustomStringConvertible {
    package var description: String {
        switch endpoint {
        case .unix(let path): "unix:\(path)"
        case .tls(let host, let port, _): BoundAddress.tcp(host: host, port: port).description
        }
    }
}
