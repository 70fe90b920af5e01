// SPDX-License-Identifier: Apache-2.0

import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import NIOPosix
import NIOSSL
import ServiceLifecycle

/// An HTTPS server on a port of the loopback interface that the system chooses. It ends with the last reference to it.
final class LoopbackServer: Sendable {
    let port: Int
    private let serving: Task<Void, any Error>

    /// Serves when it returns.
    init(_ tls: TLSConfiguration, _ responder: @escaping HTTPChannelHandler.Responder) async throws {
        let (ports, continuation) = AsyncStream<Int>.makeStream()
        let service = try HTTPServerBuilder.tls(.http1(), tlsConfiguration: tls).buildServer(
            configuration: ServerConfiguration(address: .hostname("127.0.0.1", port: 0)),
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: Logger(label: "loopback server") { _ in SwiftLogNoOpLogHandler() },
            responder: responder, onServerRunning: { continuation.yield($0.localAddress?.port ?? 0) })
        // `deinit` ends it: nobody waits for a server that serves as long as somebody holds it.
        let serving = Task {
            defer { continuation.finish() }
            try await service.run()
        }
        var known: Int?
        for await port in ports {
            known = port
            break
        }
        guard let known else {
            try await serving.value
            throw CancellationError()
        }
        port = known
        self.serving = serving
    }

    deinit { serving.cancel() }
}
