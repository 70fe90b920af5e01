// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
import SPIFFEWorkloadAPI

/// Sends a text and waits for it to come back.
struct EchoClient {
    let tls: WorkloadTLS

    func send(_ text: String, to host: String, port: Int) async throws -> String {
        let tls = tls
        let connection = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(host: host, port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers(tls.makeClientHandlers())
                    return try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await connection.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(string: text))
            var answer = ByteBuffer()
            for try await bytes in inbound {
                answer.writeImmutableBuffer(bytes)
                if answer.readableBytes >= text.utf8.count { break }
            }
            return String(buffer: answer)
        }
    }
}
