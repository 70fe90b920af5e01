// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Ports of the loopback address that nobody listened on when they were asked for.
package enum FreePorts {
    package struct Unavailable: Error {}

    package static func two() throws -> (Int, Int) {
        // Both are held until both are known, so that they differ.
        let first = try Listener()
        let second = try Listener()
        return (first.port, second.port)
    }

    private final class Listener {
        let port: Int
        private let descriptor: Int32

        init() throws {
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            guard descriptor >= 0 else { throw Unavailable() }
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr = in_addr(s_addr: UInt32(0x7f00_0001).bigEndian)
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let (listens, names) = withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    (bind(descriptor, $0, length), getsockname(descriptor, $0, &length))
                }
            }
            guard listens == 0, names == 0 else {
                close(descriptor)
                throw Unavailable()
            }
            self.descriptor = descriptor
            port = Int(UInt16(bigEndian: address.sin_port))
        }

        deinit { close(descriptor) }
    }
}
