// SPDX-License-Identifier: Apache-2.0

/// What one listener grants its peers.
package struct ListenerLimits: Hashable, Sendable {
    /// Connections beyond this are closed at once.
    package var maximumConnections = 20_000
    /// Connections of one user on a Unix socket; root is only bound by ``maximumConnections``.
    package var maximumConnectionsPerUser = 15_000
    package var maximumConcurrentStreams = 10_000
    package var maximumMessageSize = 4 << 20
    /// Connections that wait to be accepted. A full backlog gives Unix clients EAGAIN at once.
    package var backlog: Int32 = 4096
    /// Time for the TLS handshake and the first HTTP/2 bytes.
    package var prefaceTimeout = Duration.seconds(10)
    /// A peer that sent nothing for this long is asked whether it lives (HTTP/2 PING).
    package var keepaliveTime = Duration.seconds(60)
    /// A peer that sent nothing for this long, not even an answer to the PING, is cut off.
    package var silenceTimeout = Duration.seconds(90)
    /// The age at which a connection is asked to go (GOAWAY), so that clients spread over servers and prove themselves
    /// anew; `nil` stands for never.
    package var maximumConnectionAge: Duration?
    /// How long the RPCs of a connection that was asked to go may still take; `nil` stands for ever.
    package var maximumGraceTime: Duration?

    package init() {}

    /// How many connections there may be, so that descriptors never run out: each may need two, and some are for others.
    func connections(withDescriptors descriptors: Int) -> Int {
        min(maximumConnections, max(1, (descriptors - Self.reservedDescriptors) / 2))
    }

    private static let reservedDescriptors = 128

    /// For Unix sockets.
    package static var local: ListenerLimits { ListenerLimits() }

    /// For the server's port.
    package static var remote: ListenerLimits {
        var limits = ListenerLimits()
        limits.maximumConcurrentStreams = 1000
        limits.maximumConnectionAge = .seconds(180)
        limits.maximumGraceTime = .seconds(600)
        return limits
    }
}
