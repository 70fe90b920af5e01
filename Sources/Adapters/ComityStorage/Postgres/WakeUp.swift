// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// Ends a wait on a descriptor from outside, once.
final class WakeUp: Sendable {
    /// Readable once it is rung; -1 when the system has none left, and waits end by their time.
    let descriptor: Int32
    private let sender: Int32
    private let rung = Atomic(false)

    init() {
        var descriptors: [Int32] = [-1, -1]
        let kind = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue
        _ = socketpair(AF_UNIX, Int32(kind), 0, &descriptors)
        (descriptor, sender) = (descriptors[0], descriptors[1])
    }

    deinit {
        for descriptor in [descriptor, sender] where descriptor >= 0 { close(descriptor) }
    }

    var isRung: Bool { rung.load(ordering: .acquiring) }

    func ring() {
        rung.store(true, ordering: .releasing)
        _ = write(sender, [1], 1)
    }
}
