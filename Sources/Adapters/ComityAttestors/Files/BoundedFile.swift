// SPDX-License-Identifier: Apache-2.0

import ComityAttestation
import Glibc

/// Reads files that are named by the configuration or shown by the kernel, never more than a limit.
enum BoundedFile {
    static func read(_ path: String, atMost limit: Int) throws(AttestationError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .system("open \(path)") }
        defer { close(descriptor) }
        var content: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while content.count <= limit {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            guard count >= 0 else {
                if errno == EINTR { continue }
                throw .system("read \(path)")
            }
            guard count > 0 else { return content }
            content.append(contentsOf: buffer[..<count])
        }
        throw AttestationError(.internalError, "\(path) is larger than \(limit) bytes")
    }
}
