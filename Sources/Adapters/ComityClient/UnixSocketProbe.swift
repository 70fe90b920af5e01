// SPDX-License-Identifier: Apache-2.0

import Glibc
import SPIFFE

/// Finds out at once whether anybody listens on a Unix socket, where gRPC would keep trying until the deadline.
enum UnixSocketProbe {
    /// - Throws: ``ClientError``; its message is that of SPIRE's commands.
    static func check(_ path: String) throws(ClientError) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
            throw ClientError(.pathTooLong, "socket path \(path.quoted) is longer than a Unix socket can have")
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
        let reason = String(cString: strerror(number)).lowercased()
        return ClientError(
            code(path, number),
            "rpc error: code = Unavailable desc = connection error: desc = \"transport: Error while dialing: dial unix "
                + "\(path): connect: \(reason)\"")
    }

    private static func code(_ path: String, _ number: Int32) -> ClientError.Code {
        switch number {
        case ENOENT, ENOTDIR: .missing
        // The kernel says the same of a file that is no socket at all.
        case ECONNREFUSED: isSocket(path) ? .notListening : .notASocket
        case EACCES, EPERM: .forbidden
        case EPROTOTYPE: .otherKind
        default: .unreachable
        }
    }

    private static func isSocket(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFSOCK
    }
}
