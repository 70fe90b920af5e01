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
        var folder = comity_file()
        guard comity_file_at("/proc/\(processID)", &folder) == 0 else {
            close(descriptor)
            return nil
        }
        peer = LocalPeer(
            pid: processID, uid: folder.owner, gid: folder.group, pidfd: descriptor, isPinnedByKernel: false)
    }

    deinit {
        close(peer.pidfd)
    }
}
