// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// Cuts off a peer that sends nothing. Stands right behind an `IdleStateHandler`.
///
/// gRPC itself only sends GOAWAY to such a peer and then waits for its answer for ever.
final class SilenceHandler: ChannelInboundHandler {
    typealias InboundIn = NIOAny

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let idle = event as? IdleStateHandler.IdleStateEvent, idle == .read {
            context.close(promise: nil)
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }
}
