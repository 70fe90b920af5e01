// SPDX-License-Identifier: Apache-2.0

import CLinux
import ComityTransport
import Glibc

/// A process that is known by its number only, held on to so that no other is taken for it.
final class NamedProcess: Sendable {
    let peer: LocalPeer

    /// Nil when there is no such process.
    init?(_ processID: Int32) {
        guard processID > 0 else { return nil }
        let descriptor = comity_pidfd_open(processID)
        guard descriptor >= 0 else { return nil }
        var status = stat()
        guard stat("/proc/\(processID)", &status) == 0 else {
            close(descriptor)
            return nil
        }
        peer = LocalPeer(
            pid: processID, uid: status.st_uid, gid: status.st_gid, pidfd: descriptor, isPinnedByKernel: false)
    }

    deinit {
        close(peer.pidfd)
    }
}
