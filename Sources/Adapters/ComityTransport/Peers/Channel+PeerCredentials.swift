// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc
import NIOCore

extension Channel {
    /// Asks the kernel who connected to this accepted Unix socket.
    func localPeer() -> EventLoopFuture<LocalPeer> {
        guard let options = self as? any SocketOptionProvider else {
            return eventLoop.makeFailedFuture(ChannelError.operationUnsupported)
        }
        let credentials: EventLoopFuture<PeerCredentials> = options.unsafeGetSocketOption(
            level: .socket, name: .init(rawValue: SO_PEERCRED))
        return credentials.flatMap { credentials in
            let pidfd: EventLoopFuture<Int32> = options.unsafeGetSocketOption(
                level: .socket, name: .init(rawValue: PeerCredentials.peerPIDFD))
            return pidfd.map { LocalPeer(credentials, pidfd: $0, isPinnedByKernel: true) }
                .recover { _ in
                    LocalPeer(credentials, pidfd: comity_pidfd_open(credentials.pid), isPinnedByKernel: false)
                }
        }
    }
}

/// `struct ucred` of unix(7), which the Glibc module does not show.
struct PeerCredentials: Sendable, BitwiseCopyable {
    /// `SO_PEERPIDFD`, Linux 6.5 or later.
    static let peerPIDFD: CInt = 77

    var pid: Int32 = 0
    var uid: UInt32 = 0
    var gid: UInt32 = 0
}

extension LocalPeer {
    fileprivate init(_ credentials: PeerCredentials, pidfd: Int32, isPinnedByKernel: Bool) {
        self.init(
            pid: credentials.pid, uid: credentials.uid, gid: credentials.gid, pidfd: pidfd,
            isPinnedByKernel: isPinnedByKernel)
    }
}
