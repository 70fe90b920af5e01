// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// A channel that reports a tag as its remote address and is the channel it wraps in everything else.
///
/// gRPC hands streams nothing of their connection but a text made from the remote address, and all clients of a Unix
/// socket have the same. The tag tells them apart.
///
/// `@unchecked Sendable`: both members are immutable, and NIO's channels and addresses may be used from any thread.
final class TaggedChannel: Channel, @unchecked Sendable {
    private let base: any Channel
    private let tag: SocketAddress

    init(_ base: any Channel, tag: SocketAddress) {
        self.base = base
        self.tag = tag
    }

    var remoteAddress: SocketAddress? { tag }

    var allocator: ByteBufferAllocator { base.allocator }
    var closeFuture: EventLoopFuture<Void> { base.closeFuture }
    var pipeline: ChannelPipeline { base.pipeline }
    var localAddress: SocketAddress? { base.localAddress }
    var parent: (any Channel)? { base.parent }
    var isWritable: Bool { base.isWritable }
    var isActive: Bool { base.isActive }
    var _channelCore: any ChannelCore { base._channelCore }
    var eventLoop: any EventLoop { base.eventLoop }
    var syncOptions: (any NIOSynchronousChannelOptions)? { base.syncOptions }

    func setOption<Option: ChannelOption>(_ option: Option, value: Option.Value) -> EventLoopFuture<Void> {
        base.setOption(option, value: value)
    }

    func getOption<Option: ChannelOption>(_ option: Option) -> EventLoopFuture<Option.Value> {
        base.getOption(option)
    }
}
