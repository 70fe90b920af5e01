// SPDX-License-Identifier: Apache-2.0

import CLinux
package import ComityAuthority
import Glibc

/// A small file that only its owner may read and that is whole at any moment, also after a crash.
package struct PrivateFile: Sendable {
    private let path: String
    private let kind: String

    /// - Parameter kind: What messages call the file.
    package init(path: String, kind: String = "key file") {
        self.path = path
        self.kind = kind
    }

    /// The content, or `nil` when there is no file.
    package func read(atMost limit: Int) throws(AuthorityError) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT {
                return nil
            }
            throw failure("cannot be read")
        }
        defer { close(descriptor) }
        var file = comity_file()
        guard comity_file_of(descriptor, &file) == 0, file.is_regular else {
            throw AuthorityError(.keyStorage, "\(kind) \"\(path)\" is not a regular file")
        }
        guard file.size <= limit else {
            throw AuthorityError(.keyStorage, "\(kind) \"\(path)\" is larger than \(limit) bytes")
        }
        return try read(descriptor, limit: limit)
    }

    private func read(_ descriptor: Int32, limit: Int) throws(AuthorityError) -> [UInt8] {
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 * 1024)
        while content.count <= limit {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count == 0 {
                return content
            }
            if count < 0 {
                guard errno == EINTR else { throw failure("cannot be read") }
            } else {
                content += chunk[..<count]
            }
        }
        throw AuthorityError(.keyStorage, "\(kind) \"\(path)\" is larger than \(limit) bytes")
    }

    /// Replaces the file: written beside it, flushed to the disk, then renamed over it.
    package func write(_ content: [UInt8]) throws(AuthorityError) {
        let draft = path + ".tmp"
        unlink(draft)
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("cannot be written") }
        do throws(AuthorityError) {
            defer { close(descriptor) }
            try write(content, to: descriptor)
            guard fsync(descriptor) == 0 else { throw failure("cannot be written") }
        } catch {
            unlink(draft)
            throw error
        }
        do throws(AuthorityError) {
            try PrivateFile(path: draft, kind: kind).move(to: path)
        } catch {
            unlink(draft)
            throw error
        }
    }

    /// Gives the file another name in its folder, in place of what has that name.
    package func move(to destination: String) throws(AuthorityError) {
        guard rename(path, destination) == 0 else { throw failure("cannot be moved to \"\(destination)\"") }
        try flushFolder()
    }

    private func write(_ content: [UInt8], to descriptor: Int32) throws(AuthorityError) {
        var rest = content[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                guard errno == EINTR else { throw failure("cannot be written") }
            } else {
                rest = rest.dropFirst(count)
            }
        }
    }

    /// Without this the rename may be lost with the power.
    private func flushFolder() throws(AuthorityError) {
        let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("cannot be written") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("cannot be written") }
    }

    private func failure(_ what: String) -> AuthorityError {
        Self.failure(kind, path, what)
    }

    /// What the last call of the system complained of, and what to do.
    static func failure(_ kind: String, _ path: String, _ what: String) -> AuthorityError {
        let code = errno
        let reason = String(cString: strerror(code))
        let cure =
            switch code {
            case EACCES, EPERM: "; give the user that runs this program access to the file and its folder"
            case ENOENT, ENOTDIR: "; make its folder first"
            case ENOSPC, EDQUOT: "; make room on the disk"
            case EROFS: "; choose a folder on a writable disk"
            default: ""
            }
        return AuthorityError(.keyStorage, "\(kind) \"\(path)\" \(what): \(reason)\(cure)")
    }
}
