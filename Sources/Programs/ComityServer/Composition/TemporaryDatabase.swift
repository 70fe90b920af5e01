// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A database file that is gone when the server stops.
struct TemporaryDatabase: Sendable {
    let path: String

    /// - Parameter folder: Where only this user may look.
    init(in folder: String) {
        path = "\(folder)/temporary-\(getpid())-\(UInt32.random(in: 0...UInt32.max)).sqlite3"
    }

    func remove() {
        for suffix in ["", "-wal", "-shm"] { unlink(path + suffix) }
    }
}
