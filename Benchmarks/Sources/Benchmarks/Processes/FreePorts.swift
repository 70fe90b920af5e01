// SPDX-License-Identifier: Apache-2.0

import Glibc

/// TCP ports that nobody listens on.
enum FreePorts {
    static func pair() throws -> (Int, Int) {
        let first = try bound()
        defer { close(first.descriptor) }
        // Another one, because the first is still held.
        let second = try bound()
        close(second.descriptor)
        return (first.port, second.port)
    }

    private static func bound() throws -> (descriptor: Int32, port: Int) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = LoopbackAddress.any
        guard LoopbackAddress.with(&address, { bind(descriptor, $0, $1) }) == 0 else {
            close(descriptor)
            throw BenchmarkError("no free TCP port on 127.0.0.1")
        }
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = LoopbackAddress.with(&address) { pointer, _ in
            getsockname(descriptor, pointer, &size)
        }
        return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
    }
}
