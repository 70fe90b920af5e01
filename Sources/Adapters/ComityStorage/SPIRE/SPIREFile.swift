// SPDX-License-Identifier: Apache-2.0

import Glibc
import SPIFFE

/// The SQLite file of a SPIRE server.
struct SPIREFile {
    /// Where SQLite's connections put their locks, in any file (SQLite, "File Locking").
    private static let firstLockByte: off_t = 0x4000_0000
    private static let lockBytes: off_t = 512

    let path: String

    /// Names the file so that SQLite neither locks it nor makes files beside it.
    var immutableURI: String {
        let escaped = path.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "%"), UInt8(ascii: "?"), UInt8(ascii: "#"):
                "%" + [byte].hex.uppercased()
            default: String(decoding: [byte], as: UTF8.self)
            }
        }
        return "file:\(escaped.joined())?immutable=1"
    }

    /// - Throws: ``StorageError`` when a process has the file open, or not all changes are in it.
    func requireStopped() throws(StorageError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw StorageError(.unusable, "database \"\(path)\" cannot be read: \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        var holder = flock()
        holder.l_type = Int16(F_WRLCK)
        holder.l_whence = Int16(SEEK_SET)
        holder.l_start = Self.firstLockByte
        holder.l_len = Self.lockBytes
        if fcntl(descriptor, F_GETLK, &holder) == 0, holder.l_type != Int16(F_UNLCK) {
            let who = holder.l_pid > 0 ? "process \(holder.l_pid)" : "another process"
            throw StorageError(.inUse, "database \"\(path)\" is in use by \(who); stop the SPIRE server")
        }
        for suffix in ["-wal", "-journal"] {
            try requireEmpty(path + suffix)
        }
    }

    /// What is in the side files is not in the database yet.
    private func requireEmpty(_ side: String) throws(StorageError) {
        guard let size = FileSize.of(side), size > 0 else { return }
        throw StorageError(
            .inUse,
            """
            database "\(path)" is not closed: "\(side)" holds changes that are not in it yet; stop the SPIRE server, \
            and if it was killed, start it once more and stop it
            """)
    }
}
