// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc
import SPIFFE

/// Finds out at once whether a gRPC server listens on a Unix socket, where gRPC would keep trying until the deadline.
enum UnixSocketProbe {
    /// What a client of HTTP/2 says first (RFC 9113 §3.4): its preface and an empty SETTINGS frame.
    private static let greeting = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + [0, 0, 0, 4, 0, 0, 0, 0, 0]
    /// A server that is slow to answer is left to the call's own deadline.
    private static let patience = timeval(tv_sec: 1, tv_usec: 0)

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
        try greet(descriptor)
    }

    private static func greet(_ descriptor: Int32) throws(ClientError) {
        var patience = patience
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        guard send(descriptor, greeting, greeting.count, Int32(MSG_NOSIGNAL)) == greeting.count else {
            throw noServer("EOF")
        }
        var header = [UInt8](repeating: 0, count: 9)
        let count = recv(descriptor, &header, header.count, Int32(MSG_WAITALL))
        guard count >= 0 else {
            if errno == EAGAIN || errno == EINTR { return }
            throw noServer(reason(errno))
        }
        guard count == header.count else { throw noServer("EOF") }
        // SETTINGS, or GOAWAY when it wants nobody.
        guard header[3] == 4 || header[3] == 7 else { throw noServer("this is not HTTP/2") }
    }

    private static func noServer(_ reason: String) -> ClientError {
        ClientError(
            .otherKind,
            "rpc error: code = Unavailable desc = connection error: desc = \"error reading server preface: \(reason)\"")
    }

    private static func reason(_ number: Int32) -> String {
        String(cString: strerror(number)).lowercased()
    }

    private static func failure(_ path: String, _ number: Int32) -> ClientError {
        ClientError(
            code(path, number),
            "rpc error: code = Unavailable desc = connection error: desc = \"transport: Error while dialing: dial unix "
                + "\(path): connect: \(reason(number))\"")
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
        var file = comity_file()
        return comity_file_at(path, &file) == 0 && file.is_socket
    }
}
