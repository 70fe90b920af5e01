// SPDX-License-Identifier: Apache-2.0

import CLinux
import ComityAttestation
import Crypto
import Glibc
import SPIFFE
import Synchronization

/// SHA-256 of executables, remembered until the file changes.
final class ExecutableDigests: Sendable {
    private static let capacity = 1024
    private static let bufferSize = 128 << 10

    /// Which contents a digest is of.
    private struct Version: Hashable, Sendable {
        var device: UInt64
        var inode: UInt64
        var size: Int64
        var modified: Int64
        var changed: Int64

        init(_ descriptor: Int32, _ path: String) throws {
            var file = comity_file()
            guard comity_file_of(descriptor, &file) == 0 else { throw AttestationError.system("examine \(path)") }
            device = file.device
            inode = file.inode
            size = file.size
            modified = file.modified
            changed = file.changed
        }
    }

    private let known = Mutex<[Version: String]>([:])

    /// - Parameter limit: The largest file that is read, in bytes; 0 stands for any.
    func sha256(of path: String, limit: Int64) throws -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw AttestationError.system("open \(path)") }
        defer { close(descriptor) }
        let version = try Version(descriptor, path)
        guard limit == 0 || version.size <= limit else {
            throw AttestationError(
                .internalError, "workload \(path) exceeds size limit (\(version.size) > \(limit))")
        }
        if let digest = known.withLock({ $0[version] }) { return digest }
        let digest = try Self.digest(of: descriptor, path)
        // A file that is being written has no digest worth remembering.
        if try Version(descriptor, path) == version {
            known.withLock { known in
                // Starting over is rare and simple; the digests in use come back at once.
                if known.count >= Self.capacity { known.removeAll() }
                known[version] = digest
            }
        }
        return digest
    }

    private static func digest(of descriptor: Int32, _ path: String) throws -> String {
        var hash = SHA256()
        var failure: AttestationError?
        withUnsafeTemporaryAllocation(byteCount: bufferSize, alignment: 64) { buffer in
            while true {
                let count = read(descriptor, buffer.baseAddress, buffer.count)
                if count < 0, errno == EINTR { continue }
                if count < 0 { failure = .system("read \(path)") }
                guard count > 0 else { return }
                hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            }
        }
        if let failure { throw failure }
        return hash.finalize().hex
    }
}
