// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
import SPIFFEWorkloadAPI

/// Sends every byte back to who it came from.
struct EchoServer {
    let tls: WorkloadTLS

    func run(host: String, port: Int) async throws {
        let tls = tls
        let server = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .bind(host: host, port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    // New handlers for each connection: they present the identity of this moment.
                    try channel.pipeline.syncOperations.addHandlers(tls.makeServerHandlers())
                    return try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        try await server.executeThenClose { connections in
            try await withThrowingDiscardingTaskGroup { group in
                for try await connection in connections {
                    group.addTask { await Self.echo(connection) }
                }
            }
        }
    }

    private static func echo(_ connection: NIOAsyncChannel<ByteBuffer, ByteBuffer>) async {
        do {
            try await connection.executeThenClose { inbound, outbound in
                for try await bytes in inbound {
                    let peer = try await connection.channel.verifiedPeer().get()
                    print("\(peer.id) sent \(bytes.readableBytes) bytes")
                    try await outbound.write(bytes)
                }
            }
        } catch {
            print("connection ended: \(error)")
        }
    }
}
