// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Reads small files.
enum BoundedFile {
    /// - Parameter name: What the file is, for errors.
    static func read(_ path: String, atMost maximum: Int, name: String) throws(KubernetesError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(name, path, String(cString: strerror(errno))) }
        defer { close(descriptor) }
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure(name, path, String(cString: strerror(errno))) }
            guard count > 0 else { return content }
            content += chunk[..<count]
            guard content.count <= maximum else { throw failure(name, path, "longer than \(maximum) bytes") }
        }
    }

    private static func failure(_ name: String, _ path: String, _ reason: String) -> KubernetesError {
        KubernetesError(
            status: nil, reason: KubernetesError.Reason.configuration, "cannot read \(name) at \(path): \(reason)")
    }
}
