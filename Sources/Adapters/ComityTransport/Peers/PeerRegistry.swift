// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Synchronization

/// Open connections by the tag that the transport reports for their streams.
final class PeerRegistry: Sendable {
    private struct State {
        var nextID: UInt64 = 1
        var peers: [String: PeerConnection] = [:]
    }

    private let state = Mutex(State())

    func makeID() -> UInt64 {
        state.withLock { state in
            defer { state.nextID += 1 }
            return state.nextID
        }
    }

    /// The address that a channel with this ID reports. Made here, so that no client can choose it.
    static func tag(of id: UInt64) throws -> SocketAddress {
        try SocketAddress(unixDomainSocketPath: "#\(id)")
    }

    func insert(_ peer: PeerConnection) {
        state.withLock { $0.peers["unix:#\(peer.id)"] = peer }
    }

    func remove(_ id: UInt64) {
        // The connection is let go outside of the lock: its end closes a descriptor.
        _ = state.withLock { $0.peers.removeValue(forKey: "unix:#\(id)") }
    }

    /// - Parameter remotePeer: `ServerContext.remotePeer` as the inner transport filled it.
    func peer(_ remotePeer: String) -> PeerConnection? {
        state.withLock { $0.peers[remotePeer] }
    }
}
