// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
import Synchronization

/// A port of the loopback interface that leads to another, as `kubectl port-forward` keeps one: it may drop and return.
package final class PortForward: Sendable {
    package let port: Int
    private let target: Int
    /// The listener and the client side of every connection.
    private let channels = Mutex<[any Channel]>([])

    private init(to target: Int) throws {
        port = try FreePorts.two().0
        self.target = target
    }

    /// Forwards while the body runs, except while it is dropped.
    package static func with<Result>(
        to target: Int, _ body: (PortForward) async throws -> Result
    ) async throws -> Result {
        let forward = try PortForward(to: target)
        try await forward.resume()
        do {
            let result = try await body(forward)
            await forward.drop()
            return result
        } catch {
            await forward.drop()
            throw error
        }
    }

    /// Ends every connection and refuses new ones.
    package func drop() async {
        let ended = channels.withLock { channels in
            defer { channels = [] }
            return channels
        }
        for channel in ended {
            // One that the other side has ended already is closed too.
            try? await channel.close()
        }
    }

    /// Listens again.
    package func resume() async throws {
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { [self] client in
                channels.withLock { $0.append(client) }
                return ClientBootstrap(group: client.eventLoop)
                    .channelInitializer { $0.pipeline.addHandler(CopyHandler(to: client)) }
                    .connect(host: "127.0.0.1", port: target)
                    .flatMap { client.pipeline.addHandler(CopyHandler(to: $0)) }
            }
            .bind(host: "127.0.0.1", port: port).get()
        channels.withLock { $0.append(listener) }
    }
}
