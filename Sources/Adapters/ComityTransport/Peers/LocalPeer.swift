// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc

/// The process at the other end of a Unix socket, as the kernel saw it when it connected.
///
/// A process ID may be given to another process later: read `/proc/<pid>` first and then ask ``isRunning``; `true` means
/// that what was read belongs to this peer.
package struct LocalPeer: Sendable {
    /// 0 when the peer lives in a process namespace that we cannot see into.
    package let pid: Int32
    package let uid: UInt32
    package let gid: UInt32

    /// Stands for the process itself, never for its successor; -1 when the kernel has none. Owned by the connection.
    package let pidfd: Int32

    /// Whether the kernel itself tied ``pidfd`` to the connection (Linux 6.5 or later). Otherwise it was opened by number
    /// after the connection was accepted, and the process's start time must be compared too.
    package let isPinnedByKernel: Bool

    package init(pid: Int32, uid: UInt32, gid: UInt32, pidfd: Int32, isPinnedByKernel: Bool) {
        self.pid = pid
        self.uid = uid
        self.gid = gid
        self.pidfd = pidfd
        self.isPinnedByKernel = isPinnedByKernel
    }

    /// Whether the process still runs; `nil` when the kernel offers no way to tell.
    package var isRunning: Bool? {
        guard pidfd >= 0 else { return nil }
        var entry = pollfd(fd: pidfd, events: Int16(POLLIN), revents: 0)
        while true {
            let count = poll(&entry, 1, 0)
            if count >= 0 { return count == 0 }
            guard errno == EINTR else { return nil }
        }
    }
}
