// SPDX-License-Identifier: Apache-2.0

package import ComityAuthority
import Glibc

/// Keeps other processes away from a file that only one may write, for as long as it lives.
///
/// The kernel holds the lock on an empty file beside it and lets it go with the process, however that ends. Within one
/// process it excludes nobody.
package final class ProcessLock: Sendable {
    private let descriptor: Int32

    /// - Parameters:
    ///   - path: The file that is guarded; it need not be there.
    ///   - kind: What messages call it.
    ///   - cure: What to do when another process has it.
    /// - Throws: ``AuthorityError`` with code `keyStorage`.
    package init(guarding path: String, kind: String, cure: String) throws(AuthorityError) {
        let lock = path + ".lock"
        descriptor = open(lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw PrivateFile.failure("lock of \(kind)", lock, "cannot be made") }
        var wanted = flock()
        wanted.l_type = Int16(F_WRLCK)
        wanted.l_whence = Int16(SEEK_SET)
        while fcntl(descriptor, F_SETLK, &wanted) != 0 {
            if errno == EINTR { continue }
            let failure =
                errno == EACCES || errno == EAGAIN
                ? Self.taken(descriptor, path: path, kind: kind, cure: cure)
                : PrivateFile.failure("lock of \(kind)", lock, "cannot be had")
            close(descriptor)
            throw failure
        }
    }

    deinit {
        close(descriptor)
    }

    private static func taken(_ descriptor: Int32, path: String, kind: String, cure: String) -> AuthorityError {
        var holder = flock()
        holder.l_type = Int16(F_WRLCK)
        holder.l_whence = Int16(SEEK_SET)
        // A process of another container has no number here.
        let isKnown = fcntl(descriptor, F_GETLK, &holder) == 0 && holder.l_type == Int16(F_WRLCK) && holder.l_pid > 0
        let who = isKnown ? "process \(holder.l_pid)" : "another process"
        return AuthorityError(.keyStorage, "\(kind) \"\(path)\" is in use by \(who); stop it or \(cure)")
    }
}
