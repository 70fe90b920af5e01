// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Why the last server was refused in the handshake. TLS itself only tells that it failed.
final class RefusalNote: Sendable {
    private let error = Mutex<(any Error)?>(nil)

    var latest: (any Error)? {
        error.withLock { $0 }
    }

    func set(_ error: any Error) {
        self.error.withLock { $0 = error }
    }

    func clear() {
        error.withLock { $0 = nil }
    }
}
