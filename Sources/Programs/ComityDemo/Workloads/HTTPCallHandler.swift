// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1
import SPIFFE
import SPIFFEWorkloadAPI

/// Makes the calls of one connection, one at a time.
final class HTTPCallHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundIn = HTTPCall
    typealias OutboundOut = HTTPClientRequestPart

    private static let maximumBody = 64 << 10

    private var call: HTTPCall?
    private var head: HTTPResponseHead?
    private var body = ByteBuffer()
    private var failure: (any Error)?

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let call = unwrapOutboundIn(data)
        if let failure {
            call.answer.fail(failure)
            promise?.fail(failure)
            return
        }
        self.call = call
        var headers: HTTPHeaders = ["Host": "workload"]
        if let authorization = call.authorization { headers.add(name: "Authorization", value: authorization) }
        let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: call.path, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.end(nil)), promise: promise)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): self.head = head
        case .body(var part):
            guard body.readableBytes + part.readableBytes <= Self.maximumBody else {
                fail(DemoError(.proof, "answer is too long"), context)
                return
            }
            body.writeBuffer(&part)
        case .end: finish(context)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(error, context)
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(ChannelError.eof, context)
        context.fireChannelInactive()
    }

    private func finish(_ context: ChannelHandlerContext) {
        let handler = try? context.pipeline.syncOperations.handler(type: VerifiedPeerHandler.self)
        guard let call, let head, let server = handler?.peer else {
            fail(DemoError(.proof, "answer to nothing, or from nobody"), context)
            return
        }
        let token = head.headers.first(name: RequestHandler.serverToken).flatMap(BearerAuthorization.token(in:))
        self.call = nil
        call.answer.succeed(
            HTTPCall.Answer(
                status: Int(head.status.code), body: String(buffer: body), serverToken: token, server: server))
        self.head = nil
        body.clear()
    }

    /// The first reason counts; what follows are its consequences.
    private func fail(_ error: any Error, _ context: ChannelHandlerContext) {
        let reason = failure ?? error
        failure = reason
        call?.answer.fail(reason)
        call = nil
        context.close(promise: nil)
    }
}
