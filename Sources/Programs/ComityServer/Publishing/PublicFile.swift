// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc

/// A small file for everybody to read that is whole at any moment.
struct PublicFile: Sendable {
    let path: String

    /// `nil` when there is none that can be read.
    var content: [UInt8]? {
        (try? Data(contentsOf: URL(filePath: path))).map { Array($0) }
    }

    /// Replaces the file: written beside it, then renamed over it.
    func write(_ content: [UInt8]) throws(ServerError) {
        let draft = path + ".tmp"
        unlink(draft)
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure() }
        do throws(ServerError) {
            defer { close(descriptor) }
            try write(content, to: descriptor)
            // Whatever the mask of the process says.
            guard fchmod(descriptor, 0o644) == 0, fsync(descriptor) == 0 else { throw failure() }
            guard rename(draft, path) == 0 else { throw failure() }
        } catch {
            unlink(draft)
            throw error
        }
    }

    private func write(_ content: [UInt8], to descriptor: Int32) throws(ServerError) {
        var rest = content[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if errno != EINTR {
                throw failure()
            }
        }
    }

    private func failure() -> ServerError {
        ServerError(
            .bundleFile,
            "bundle file \(path) cannot be written: \(String(cString: strerror(errno))); let this user write there or "
                + "set another path")
    }
}
