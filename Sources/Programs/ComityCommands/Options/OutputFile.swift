// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Files that a command leaves behind: whole or not at all.
enum OutputFile {
    enum Readers {
        /// For secrets.
        case owner
        case everybody
    }

    /// As Go's `path.Join` does: `./` is left out, a slash is written once.
    static func path(_ name: String, in folder: String) -> String {
        let parts = folder.split(separator: "/").filter { $0 != "." } + [name[...]]
        return (folder.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
    }

    /// - Throws: ``CommandError`` with code `file`.
    static func write(_ text: String, to path: String, for readers: Readers) throws(CommandError) {
        let temporary = "\(path).\(getpid()).tmp"
        let mode: mode_t = readers == .owner ? 0o600 : 0o644
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw failure(path) }
        // The umask may have taken rights away from everybody; what is private never gains any.
        fchmod(descriptor, mode)
        let isWritten = writeAll(Array(text.utf8), to: descriptor)
        close(descriptor)
        guard isWritten, rename(temporary, path) == 0 else {
            let error = failure(path)
            unlink(temporary)
            throw error
        }
    }

    private static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    private static func failure(_ path: String) -> CommandError {
        CommandError(.file, "unable to write \(path): \(String(cString: strerror(errno)).lowercased())")
    }
}
