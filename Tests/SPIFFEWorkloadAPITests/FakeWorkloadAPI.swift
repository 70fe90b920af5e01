// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import GRPCCore
import GRPCNIOTransportHTTP2Posix
import SPIFFEWorkloadAPI
import Synchronization
import WorkloadAPIProtos

/// An agent on a real Unix socket that answers what it is told to, be it wrong.
///
/// ```swift
/// try await FakeWorkloadAPI().serving { agent in
///     agent.x509.send(try .of(ca.leaf("/web"), bundle: ca.bundle))
///     let context = try await agent.client.fetchX509Context()
/// }
/// ```
final class FakeWorkloadAPI: Sendable {
    struct Call: Hashable, Sendable {
        var method: String
        /// Every value of the security header.
        var header: [String]
    }

    let x509 = FakeFeed<Workload_X509SVIDResponse>()
    let x509Bundles = FakeFeed<Workload_X509BundlesResponse>()
    let jwt = FakeFeed<Workload_JWTSVIDResponse>()
    let jwtBundles = FakeFeed<Workload_JWTBundlesResponse>()
    let validation = FakeFeed<Workload_ValidateJWTSVIDResponse>()
    let jwtRequests = Mutex<[Workload_JWTSVIDRequest]>([])

    private let folder: TemporaryFolder
    private let recorded = Mutex<[Call]>([])

    init() throws {
        folder = try TemporaryFolder()
    }

    var path: String { folder.path("agent.sock") }

    /// A client that opens streams again within milliseconds.
    var client: WorkloadAPIClient {
        get throws {
            var client = WorkloadAPIClient(address: try WorkloadAPIAddress(unixSocketPath: path))
            client.backoff = ReconnectBackoff(step: .milliseconds(10), maximum: .milliseconds(30))
            return client
        }
    }

    /// The calls so far.
    var calls: [Call] { recorded.withLock { $0 } }

    /// Listens for as long as `body` runs.
    func serving<Result: Sendable>(_ body: (FakeWorkloadAPI) async throws -> Result) async throws -> Result {
        try await serving(at: .unixDomainSocket(path: path)) { agent, _ in try await body(agent) }
    }

    /// Listens on a TCP port for as long as `body` runs.
    func servingByTCP<Result: Sendable>(
        _ body: (FakeWorkloadAPI, _ port: Int) async throws -> Result
    ) async throws -> Result {
        try await serving(at: .ipv4(host: "127.0.0.1", port: 0)) { agent, address in
            try await body(agent, address.ipv4?.port ?? 0)
        }
    }

    private func serving<Result: Sendable>(
        at address: SocketAddress,
        _ body: (FakeWorkloadAPI, SocketAddress) async throws -> Result
    ) async throws -> Result {
        let server = GRPCServer(
            transport: .http2NIOPosix(address: address, transportSecurity: .plaintext),
            services: [FakeWorkloadAPIService(api: self)], interceptors: [Recorder(api: self)])
        x509.reopen()
        x509Bundles.reopen()
        jwtBundles.reopen()
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.serve() }
            // Not by cancellation: NIO may trap when a connection arrives at that moment.
            defer { stop(server) }
            guard let bound = try await server.listeningAddress else { throw CancellationError() }
            return try await body(self, bound)
        }
    }

    private func stop(_ server: GRPCServer<HTTP2ServerTransport.Posix>) {
        server.beginGracefulShutdown()
        x509.close()
        x509Bundles.close()
        jwtBundles.close()
    }

    private struct Recorder: ServerInterceptor {
        let api: FakeWorkloadAPI

        func intercept<Input: Sendable, Output: Sendable>(
            request: StreamingServerRequest<Input>, context: ServerContext,
            next:
                @concurrent @Sendable (StreamingServerRequest<Input>, ServerContext) async throws ->
                StreamingServerResponse<Output>
        ) async throws -> StreamingServerResponse<Output> {
            let call = Call(
                method: context.descriptor.method,
                header: Array(request.metadata[stringValues: "workload.spiffe.io"]))
            api.recorded.withLock { $0.append(call) }
            return try await next(request, context)
        }
    }
}
