// SPDX-License-Identifier: Apache-2.0

package import GRPCCore
import Glibc
import Synchronization

/// One accepted connection and who is at its other end.
///
/// Every handler and interceptor finds it as `context.peer`.
package final class PeerConnection: ServerContext.TransportSpecific {
    /// Unique in this process.
    package let id: UInt64

    /// The remote address for logs: `unix:<socket path>`, or host and port.
    package let address: String

    /// The remote IP address; `nil` for Unix sockets.
    package let ipAddress: String?

    /// Set on Unix sockets.
    package let local: LocalPeer?

    private let verifiedTLS = Mutex<TLSPeer?>(nil)

    /// Set on TLS connections once a client certificate was presented and verified.
    package var tls: TLSPeer? {
        verifiedTLS.withLock { $0 }
    }

    init(id: UInt64, address: String, ipAddress: String?, local: LocalPeer?) {
        self.id = id
        self.address = address
        self.ipAddress = ipAddress
        self.local = local
    }

    deinit {
        if let local, local.pidfd >= 0 {
            close(local.pidfd)
        }
    }

    func verified(_ peer: TLSPeer) {
        verifiedTLS.withLock { $0 = peer }
    }
}

extension ServerContext {
    /// The connection that this RPC came on; `nil` when it has closed already, so that the call must be refused.
    package var peer: PeerConnection? {
        transportSpecific as? PeerConnection
    }
}
