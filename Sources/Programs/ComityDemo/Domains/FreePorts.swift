// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Ports of the loopback address that nobody listens on.
enum FreePorts {
    /// Finds ports that differ from each other. Somebody else may take one before it is used; then its server says so.
    static func find(_ count: Int) throws(DemoError) -> [Int] {
        var sockets: [Int32] = []
        defer { for socket in sockets { close(socket) } }
        var ports: [Int] = []
        for _ in 0..<count {
            let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            guard socket >= 0 else { throw DemoError(.system, "cannot open a socket: \(systemMessage)") }
            sockets.append(socket)
            ports.append(try bindToAnyPort(socket))
        }
        return ports
    }

    private static func bindToAnyPort(_ socket: Int32) throws(DemoError) -> Int {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutableBytes(of: &address) { bytes -> Int32 in
            guard let base = bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self) else { return -1 }
            guard bind(socket, base, length) == 0 else { return -1 }
            return getsockname(socket, base, &length)
        }
        guard result == 0 else { throw DemoError(.system, "cannot find a free port: \(systemMessage)") }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    private static var systemMessage: String { String(cString: strerror(errno)) }
}
