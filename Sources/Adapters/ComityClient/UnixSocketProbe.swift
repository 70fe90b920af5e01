// SPDX-License-Identifier: Apache-2.0

import Glibc
import SPIFFE

/// Finds out at once whether anybody listens on a Unix socket, where gRPC would keep trying until the deadline.
enum UnixSocketProbe {
    /// - Throws: ``ClientError`` with code `unreachable`.
    static func check(_ path: String) throws(ClientError) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
            throw ClientError(.unreachable, "socket path \(path.quoted) is longer than a Unix socket can have")
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw failure(path, errno) }
        defer { close(descriptor) }
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result == 0 else { throw failure(path, errno) }
    }

    private static func failure(_ path: String, _ number: Int32) -> ClientError {
        let cure =
            switch number {
            case ENOENT: "; is it running, and is this its socket?"
            case ECONNREFUSED: "; nothing listens on this socket any more"
            case EACCES: "; run this command as a user who may use the socket"
            default: ""
            }
        return ClientError(
            .unreachable,
            "rpc error: code = Unavailable desc = dial unix \(path): connect: "
                + String(cString: strerror(number)).lowercased() + cure)
    }
}
