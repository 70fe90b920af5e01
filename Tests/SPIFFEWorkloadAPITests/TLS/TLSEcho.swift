// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
import SPIFFE
import SPIFFEWorkloadAPI

/// A server on a real port that answers a line with the ID of who sent it, and ends the connection after the
/// line `close`.
struct TLSEcho: Sendable {
    struct Answer: Sendable {
        /// Whom the client found at the other end.
        var server: SPIFFEID?
        /// Whom the server found.
        var text: String
    }

    let tls: WorkloadTLS
    private(set) var port = 0
    private let errors: AsyncStream<any Error>
    private let failed: AsyncStream<any Error>.Continuation

    init(_ tls: WorkloadTLS) {
        self.tls = tls
        (errors, failed) = AsyncStream.makeStream()
    }

    func serving<Result: Sendable>(_ body: (TLSEcho) async throws -> Result) async throws -> Result {
        let (tls, failed) = (tls, failed)
        let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers(tls.makeServerHandlers())
                    try channel.pipeline.syncOperations.addHandler(NameCaller { failed.yield($0) })
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        var echo = self
        echo.port = channel.localAddress?.port ?? 0
        do {
            let result = try await body(echo)
            try await channel.close()
            return result
        } catch {
            try? await channel.close()
            throw error
        }
    }

    /// Waits for what went wrong at the server's end of a connection.
    func nextServerError() async -> (any Error)? {
        for await error in errors { return error }
        return nil
    }

    func call(_ client: WorkloadTLS) async throws -> Answer {
        let promise = MultiThreadedEventLoopGroup.singleton.next().makePromise(of: String.self)
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers(client.makeClientHandlers())
                    try channel.pipeline.syncOperations.addHandler(AskOnce(answer: promise))
                }
            }
            .connect(host: "127.0.0.1", port: port)
            .flatMapErrorThrowing { error in
                promise.fail(error)
                throw error
            }.get()
        let text = try await promise.futureResult.get()
        let peer = try await channel.verifiedPeer().get()
        try? await channel.close()
        return Answer(server: peer.id, text: text)
    }

    private final class NameCaller: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let fail: @Sendable (any Error) -> Void

        init(fail: @escaping @Sendable (any Error) -> Void) {
            self.fail = fail
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let handler = try? context.pipeline.syncOperations.handler(type: VerifiedPeerHandler.self)
            let name = handler?.peer?.id.uri ?? "nobody"
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: name)), promise: nil)
            if String(buffer: unwrapInboundIn(data)) == "close\n" { context.close(promise: nil) }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            fail(error)
            context.close(promise: nil)
        }
    }

    private final class AskOnce: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let answer: EventLoopPromise<String>

        init(answer: EventLoopPromise<String>) {
            self.answer = answer
        }

        func channelActive(context: ChannelHandlerContext) {
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: "who am I?\n")), promise: nil)
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            answer.succeed(String(buffer: unwrapInboundIn(data)))
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            answer.fail(error)
            context.close(promise: nil)
        }

        func channelInactive(context: ChannelHandlerContext) {
            answer.fail(ChannelError.eof)
        }
    }
}
