// SPDX-License-Identifier: Apache-2.0

import ComityAttestation
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// Serves one nonce at one path, while an attestation lasts.
final class ChallengeListener: Sendable {
    private static let longestSilence: TimeAmount = .seconds(10)

    private let channel: any Channel
    private let served: ServedNonce

    init(port: Int, agentName: String) async throws {
        let served = ServedNonce(path: HTTPChallengeMessages.path(agentName: agentName))
        let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(IdleStateHandler(allTimeout: Self.longestSilence))
                    try pipeline.configureHTTPServerPipeline(withPipeliningAssistance: false)
                    try pipeline.addHandler(ChallengeHandler(served))
                }
            }
        do {
            // Both families where there are two.
            channel = try await Self.bind(bootstrap, port)
        } catch {
            throw AttestationError(.unavailable, "could not listen on port \(port)", cause: error)
        }
        self.served = served
    }

    private static func bind(_ bootstrap: ServerBootstrap, _ port: Int) async throws -> any Channel {
        do {
            return try await bootstrap.bind(host: "::", port: port).get()
        } catch {
            return try await bootstrap.bind(host: "0.0.0.0", port: port).get()
        }
    }

    var port: Int { channel.localAddress?.port ?? 0 }

    func serve(_ nonce: String) {
        served.nonce.withLock { $0 = nonce }
    }

    func close() async {
        // One that is closed already is as good.
        try? await channel.close()
    }
}

private final class ServedNonce: Sendable {
    let path: String
    let nonce = Mutex<String?>(nil)

    init(path: String) {
        self.path = path
    }
}

/// Answers one request and closes the connection.
private final class ChallengeHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let served: ServedNonce
    private var answer: String?

    init(_ served: ServedNonce) {
        self.served = served
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            answer = head.method == .GET && head.uri == served.path ? served.nonce.withLock { $0 } : nil
        case .body: break
        case .end: respond(context)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is IdleStateHandler.IdleStateEvent { context.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func respond(_ context: ChannelHandlerContext) {
        let body = (answer ?? "not found") + "\n"
        var head = HTTPResponseHead(version: .http1_1, status: answer == nil ? .notFound : .ok)
        head.headers = [
            "Content-Type": "text/plain; charset=utf-8", "Content-Length": "\(body.utf8.count)", "Connection": "close",
        ]
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: body)))), promise: nil)
        let loopBound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in loopBound.value.close(promise: nil) }
    }
}
