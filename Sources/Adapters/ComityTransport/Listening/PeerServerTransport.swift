// SPDX-License-Identifier: Apache-2.0

package import GRPCCore
package import GRPCNIOTransportHTTP2Posix
import Logging
import NIOCore

/// A gRPC server transport whose RPCs know the connection they came on: see `ServerContext.peer`.
package final class PeerServerTransport: ServerTransport {
    package typealias Bytes = GRPCNIOTransportBytes

    private let inner: HTTP2ServerTransport.Custom<PeerListenerFactory>
    private let factory: PeerListenerFactory

    init(listener: GRPCListener, logger: Logger) {
        let limits = listener.limits
        factory = PeerListenerFactory(listener: listener, logger: logger)
        var config = HTTP2ServerTransport.Custom<PeerListenerFactory>.Config.defaults
        config.http2.maxConcurrentStreams = limits.maximumConcurrentStreams
        config.rpc.maxRequestPayloadSize = limits.maximumMessageSize
        config.connection.maxAge = limits.maximumConnectionAge
        config.connection.maxGraceTime = limits.maximumGraceTime
        config.connection.keepalive.time = limits.keepaliveTime
        // Peers of other make ask more often than gRPC's default of five minutes allows; that is no reason to cut them.
        config.connection.keepalive.clientBehavior = .init(
            minPingIntervalWithoutCalls: .seconds(10), allowWithoutCalls: true)
        // The library's one hook into its streams.
        config.channelDebuggingCallbacks.onAcceptHTTP2Stream = { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(
                    MessageSizeHandler(maximum: limits.maximumMessageSize), position: .first)
            }
        }
        // Coalescing delays each answer by 100 µs, which costs more than it saves at our sizes.
        config.connection.flushCoalescing = nil
        inner = HTTP2ServerTransport.Custom(listenerFactory: factory, config: config)
    }

    /// Where it listens, once it does; `nil` when it stopped or never could.
    package var boundAddress: BoundAddress? {
        get async {
            guard let address = await inner.listeningAddress else { return nil }
            if let path = address.unixDomainSocket?.path { return .unix(path: path) }
            if let v4 = address.ipv4 { return .tcp(host: v4.host, port: v4.port) }
            if let v6 = address.ipv6 { return .tcp(host: v6.host, port: v6.port) }
            return nil
        }
    }

    package func configure(context: GRPCServerContext) {
        inner.configure(context: context)
    }

    package func listen(
        streamHandler: @escaping @concurrent @Sendable (RPCStream<Inbound, Outbound>, ServerContext) async -> Void
    ) async throws {
        defer { factory.removeOwnSocket() }
        try await withTaskExecutorPreference(factory.executor) { try await serve(streamHandler) }
    }

    private func serve(
        _ streamHandler: @escaping @concurrent @Sendable (RPCStream<Inbound, Outbound>, ServerContext) async -> Void
    ) async throws {
        let registry = factory.registry
        try await inner.listen { stream, context in
            var context = context
            if let peer = registry.peer(context.remotePeer) {
                context.transportSpecific = peer
                context.remotePeer = peer.address
            }
            await streamHandler(stream, context)
        }
    }

    package func beginGracefulShutdown() {
        inner.beginGracefulShutdown()
    }

    /// Closes all connections, and those that still come at once.
    func closeConnections(_ whenClosed: @escaping @Sendable () -> Void) {
        factory.closeConnections(whenClosed)
    }
}
