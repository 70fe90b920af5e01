// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// A proxy on the loopback interface that tunnels by `CONNECT`, wherever it is told, or misbehaves.
///
/// ```swift
/// try await ConnectProxy.with({ _ in .tunnel(port: endpoint.port) }) { proxy in
///     let settings = ProxySettings(environment: ["HTTPS_PROXY": "http://127.0.0.1:\(proxy.port)"])
/// }
/// ```
package struct ConnectProxy: Sendable {
    package enum Answer: Sendable {
        /// Joins the client with a port of this machine, whatever name it asked for.
        case tunnel(port: Int)
        case send(String)
        case hang
        case close
    }

    package let port: Int
    private let log: Log

    /// The request heads received so far, each as it came.
    package var requests: [String] { log.heads.withLock { $0 } }

    private final class Log: Sendable {
        let heads = Mutex<[String]>([])
    }

    /// Serves while the body runs.
    ///
    /// - Parameters:
    ///   - identity: What the proxy itself is spoken to by TLS with; `nil` is plain text.
    ///   - answer: What to do for a target, such as `partner.test:443`.
    package static func with<Result>(
        identity: TestSVID? = nil, _ answer: @escaping @Sendable (_ target: String) -> Answer,
        _ body: (ConnectProxy) async throws -> Result
    ) async throws -> Result {
        let log = Log()
        let context = try identity.map { try NIOSSLContext(configuration: try $0.serverTLSConfiguration()) }
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let context { try pipeline.addHandler(NIOSSLServerHandler(context: context)) }
                    try pipeline.addHandler(
                        RequestHandler(answer: answer) { head in log.heads.withLock { $0.append(head) } })
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        defer { channel.close(promise: nil) }
        return try await body(ConnectProxy(port: channel.localAddress?.port ?? 0, log: log))
    }

    /// Reads one request head, then does as told.
    private final class RequestHandler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let answer: @Sendable (String) -> Answer
        private let note: @Sendable (String) -> Void
        private var received = ""
        private var other: (any Channel)?
        private var isAsked = false
        /// What comes before the tunnel is open.
        private var early: [ByteBuffer] = []

        init(answer: @escaping @Sendable (String) -> Answer, note: @escaping @Sendable (String) -> Void) {
            self.answer = answer
            self.note = note
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let bytes = unwrapInboundIn(data)
            if let other {
                other.writeAndFlush(bytes, promise: nil)
            } else if isAsked {
                early.append(bytes)
            } else {
                received += String(buffer: bytes)
                if received.contains("\r\n\r\n") { follow(context) }
            }
        }

        func channelInactive(context: ChannelHandlerContext) {
            other?.close(promise: nil)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }

        private func follow(_ context: ChannelHandlerContext) {
            isAsked = true
            note(received)
            let words = received.split(separator: " ", maxSplits: 2)
            switch answer(words.count > 1 ? String(words[1]) : "") {
            case .tunnel(let port): tunnel(to: port, context.channel)
            case .send(let text): context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
            case .hang: break
            case .close: context.close(promise: nil)
            }
        }

        private func tunnel(to port: Int, _ client: any Channel) {
            let bound = NIOLoopBound(self, eventLoop: client.eventLoop)
            ClientBootstrap(group: client.eventLoop)
                .channelInitializer { $0.pipeline.addHandler(CopyHandler(to: client)) }
                .connect(host: "127.0.0.1", port: port)
                .whenComplete { result in
                    guard case .success(let other) = result else {
                        client.close(promise: nil)
                        return
                    }
                    client.writeAndFlush(
                        ByteBuffer(string: "HTTP/1.1 200 Connection established\r\n\r\n"), promise: nil)
                    bound.value.other = other
                    for bytes in bound.value.early { other.writeAndFlush(bytes, promise: nil) }
                }
        }
    }
}
