// SPDX-License-Identifier: Apache-2.0

import GRPCNIOTransportHTTP2Posix
import Glibc
import Logging
import NIOCore
import NIOPosix
import Synchronization

/// Binds the listening channel and sets accepted connections up: who is it, may it come in, TLS, then HTTP/2.
final class PeerListenerFactory: HTTP2ServerTransport.ListenerFactory {
    typealias ConnectionChannel = HTTP2ServerTransport.ConnectionConfigurator.ConnectionChannel

    let registry = PeerRegistry()
    let eventLoopGroup: any EventLoopGroup
    /// Where the calls run; `nil` stands for Swift's own threads.
    let executor: EventLoopExecutor?

    private let listener: GRPCListener
    private let logger: Logger
    private let tally: Mutex<ConnectionTally>
    private let open = Mutex(OpenConnections())
    /// The socket that we made.
    private let ownSocket = Mutex<FileIdentity?>(nil)

    init(listener: GRPCListener, logger: Logger) {
        self.listener = listener
        switch listener.endpoint {
        case .unix:
            let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
            eventLoopGroup = eventLoop
            executor = EventLoopExecutor(eventLoop)
        case .tls:
            eventLoopGroup = MultiThreadedEventLoopGroup.singleton
            executor = nil
        }
        self.logger = logger
        tally = Mutex(
            ConnectionTally(
                maximumConnections: listener.limits.connections(withDescriptors: DescriptorLimit.current),
                maximumConnectionsPerUser: listener.limits.maximumConnectionsPerUser))
    }

    func makeListeningChannel(
        listenerConfigurator: HTTP2ServerTransport.ListenerConfigurator,
        connectionConfigurator: HTTP2ServerTransport.ConnectionConfigurator
    ) async throws -> NIOAsyncChannel<ConnectionChannel, Never> {
        switch listener.endpoint {
        case .unix(let socket):
            try await bindUnix(socket, listenerConfigurator, connectionConfigurator)
        case .tls(let host, let port, let tls):
            try await bindTCP(host: host, port: port, tls, listenerConfigurator, connectionConfigurator)
        }
    }

    private func makeBootstrap(_ configurator: HTTP2ServerTransport.ListenerConfigurator) -> sending ServerBootstrap {
        ServerBootstrap(group: eventLoopGroup)
            .serverChannelOption(.backlog, value: listener.limits.backlog)
            .serverChannelInitializer { configurator.configure(channel: $0) }
    }

    func closeConnections(_ whenClosed: @escaping @Sendable () -> Void) {
        let channels = open.withLock { $0.close() }
        for channel in channels { channel.close(promise: nil) }
        let loop = eventLoopGroup.next()
        // A stream knows of its connection's end one turn of that connection's loop later.
        let ends = channels.map { channel in
            channel.closeFuture.flatMap { channel.eventLoop.submit {} }
        }
        EventLoopFuture.andAllComplete(ends, on: loop).whenComplete { _ in whenClosed() }
    }

    /// Removes the socket file, unless another server has put its own there meanwhile.
    func removeOwnSocket() {
        guard case .unix(let socket) = listener.endpoint, let own = ownSocket.withLock({ $0 }),
            FileIdentity.look(at: socket.path).identity == own
        else { return }
        unlink(socket.path)
    }

    private func bindUnix(
        _ socket: UnixSocket, _ listenerConfigurator: HTTP2ServerTransport.ListenerConfigurator,
        _ configurator: HTTP2ServerTransport.ConnectionConfigurator
    ) async throws -> NIOAsyncChannel<ConnectionChannel, Never> {
        try socket.prepare()
        let bound: NIOAsyncChannel<ConnectionChannel, Never>
        do {
            bound = try await makeBootstrap(listenerConfigurator).bind(unixDomainSocketPath: socket.path) { channel in
                self.setUpLocal(channel, configurator)
            }
        } catch {
            throw BindFailure.explain(error, unixSocket: socket.path)
        }
        try socket.open()
        let own = FileIdentity.look(at: socket.path).identity
        ownSocket.withLock { $0 = own }
        return bound
    }

    private func bindTCP(
        host: String, port: Int, _ tls: ServerTLS,
        _ listenerConfigurator: HTTP2ServerTransport.ListenerConfigurator,
        _ configurator: HTTP2ServerTransport.ConnectionConfigurator
    ) async throws -> NIOAsyncChannel<ConnectionChannel, Never> {
        do {
            return
                try await makeBootstrap(listenerConfigurator)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
                .bind(host: host, port: port) { channel in
                    self.setUpRemote(channel, tls, configurator)
                }
        } catch {
            throw BindFailure.explain(error, host: host, port: port)
        }
    }

    private func setUpLocal(
        _ channel: any Channel, _ configurator: HTTP2ServerTransport.ConnectionConfigurator
    ) -> EventLoopFuture<ConnectionChannel> {
        let address = "unix:\(channel.localAddress?.pathname ?? "")"
        return channel.localPeer().flatMap { local in
            let peer = PeerConnection(
                id: self.registry.makeID(), address: address, ipAddress: nil, local: local)
            return self.setUp(channel, peer, tls: nil, configurator)
        }.flatMapErrorThrowing { error in
            channel.close(promise: nil)
            throw error
        }
    }

    private func setUpRemote(
        _ channel: any Channel, _ tls: ServerTLS, _ configurator: HTTP2ServerTransport.ConnectionConfigurator
    ) -> EventLoopFuture<ConnectionChannel> {
        let remote = channel.remoteAddress
        let address = BoundAddress.tcp(host: remote?.ipAddress ?? "unknown", port: remote?.port ?? 0)
        let peer = PeerConnection(
            id: registry.makeID(), address: address.description, ipAddress: remote?.ipAddress, local: nil)
        return setUp(channel, peer, tls: tls, configurator).flatMapErrorThrowing { error in
            channel.close(promise: nil)
            throw error
        }
    }

    private func setUp(
        _ channel: any Channel, _ peer: PeerConnection, tls: ServerTLS?,
        _ configurator: HTTP2ServerTransport.ConnectionConfigurator
    ) -> EventLoopFuture<ConnectionChannel> {
        do {
            try admit(peer, on: channel)
            try addHandlers(to: channel, peer, tls)
            let tagged = TaggedChannel(channel, tag: try PeerRegistry.tag(of: peer.id))
            return configurator.configure(channel: tagged, tls: tls == nil ? .none : .configured(requireALPN: false))
        } catch {
            logger.debug("Connection refused", metadata: ["address": "\(peer.address)", "error": "\(error)"])
            return channel.eventLoop.makeFailedFuture(error)
        }
    }

    private func admit(_ peer: PeerConnection, on channel: any Channel) throws {
        let user = peer.local?.uid
        if case .refuse(let reason) = tally.withLock({ $0.accepted(user: user) }) {
            throw TransportError(.peerRefused, reason)
        }
        registry.insert(peer)
        let id = peer.id
        let isLate = open.withLock { !$0.insert(channel, id: id) }
        channel.closeFuture.whenComplete { _ in
            self.open.withLock { $0.remove(id) }
            self.registry.remove(id)
            self.tally.withLock { $0.closed(user: user) }
        }
        if isLate { throw TransportError(.peerRefused, "listener is closing") }
    }

    private func addHandlers(to channel: any Channel, _ peer: PeerConnection, _ tls: ServerTLS?) throws {
        let pipeline = channel.pipeline.syncOperations
        let limits = listener.limits
        try pipeline.addHandler(IdleStateHandler(readTimeout: TimeAmount(limits.silenceTimeout)))
        try pipeline.addHandler(SilenceHandler())
        if let tls {
            let logger = logger
            let address = peer.address
            let handler = try tls.makeHandler(for: peer) { error in
                logger.debug(
                    "Client certificate refused", metadata: ["address": "\(address)", "error": "\(error)"])
            }
            try pipeline.addHandler(handler)
        }
        try pipeline.addHandler(PrefaceDeadlineHandler(timeout: TimeAmount(limits.prefaceTimeout)))
    }
}
