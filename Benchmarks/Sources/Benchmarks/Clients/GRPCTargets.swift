// SPDX-License-Identifier: Apache-2.0

import GRPCCore
import GRPCNIOTransportHTTP2Posix

typealias Transport = HTTP2ClientTransport.Posix

/// gRPC clients of the measured processes.
enum GRPCTargets {
    /// Repeats a call to a process that is about to start for as long as it fails in these ways.
    static func awaiting(_ codes: Set<RPCError.Code>, _ call: () async throws -> Void) async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while true {
            do {
                return try await call()
            } catch let error as RPCError where codes.contains(error.code) && ContinuousClock.now < deadline {
                try await Task.sleep(for: .milliseconds(50))
            }
        }
    }

    static func with<Result: Sendable>(
        unixSocket path: String, _ body: (GRPCClient<Transport>) async throws -> Result
    ) async throws -> Result {
        let transport = try Transport(
            target: .unixDomainSocket(path: path), transportSecurity: .plaintext,
            config: .defaults { config in
                config.http2.authority = "localhost"
                config.connection.flushCoalescing = nil
                config.backoff = .init(initial: .milliseconds(10), max: .milliseconds(100), multiplier: 2, jitter: 0.2)
            })
        return try await withGRPCClient(transport: transport, handleClient: body)
    }

    /// Trusts any server: the one it measures, on the loopback.
    static func with<Result: Sendable>(
        port: Int, identity: NodeIdentity?, _ body: (GRPCClient<Transport>) async throws -> Result
    ) async throws -> Result {
        let transport = try Transport(
            target: .ipv4(address: "127.0.0.1", port: port),
            transportSecurity: .tls { tls in
                tls.serverCertificateVerification = .noVerification
                if let identity {
                    tls.certificateChain = identity.chain.map { .bytes($0, format: .der) }
                    tls.privateKey = .bytes(identity.key, format: .der)
                }
            },
            config: .defaults { $0.connection.flushCoalescing = nil })
        return try await withGRPCClient(transport: transport, handleClient: body)
    }
}
