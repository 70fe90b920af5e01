// SPDX-License-Identifier: Apache-2.0

import GRPCCore
import NIOCore
import NIOHPACK
import NIOHTTP2

/// Answers a message that is too long with `ResourceExhausted`. Stands at the head of a stream.
///
/// gRPC itself only resets such a stream, which tells the caller nothing.
final class MessageSizeHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTP2Frame.FramePayload
    typealias OutboundIn = HTTP2Frame.FramePayload
    typealias OutboundOut = HTTP2Frame.FramePayload

    private let maximum: Int
    private var lengths = MessageLengths()
    private var hasAnswered = false
    private var hasRefused = false

    init(maximum: Int) {
        self.maximum = maximum
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !hasRefused else { return }
        if case .data(let frame) = unwrapInboundIn(data), case .byteBuffer(let buffer) = frame.data {
            let length = lengths.take(buffer.readableBytesView)
            if length > maximum { return refuse(length, context) }
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard !hasRefused else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        if case .headers = unwrapOutboundIn(data) { hasAnswered = true }
        context.write(data, promise: promise)
    }

    private func refuse(_ length: Int, _ context: ChannelHandlerContext) {
        hasRefused = true
        var headers = HPACKHeaders()
        if !hasAnswered {
            headers.add(name: ":status", value: "200")
            headers.add(name: "content-type", value: "application/grpc")
        }
        headers.add(name: "grpc-status", value: "\(RPCError.Code.resourceExhausted.rawValue)")
        headers.add(name: "grpc-message", value: "received message larger than max (\(length) vs. \(maximum))")
        let trailers = HTTP2Frame.FramePayload.headers(.init(headers: headers, endStream: true))
        context.writeAndFlush(wrapOutboundOut(trailers), promise: nil)
        context.close(promise: nil)
    }
}
