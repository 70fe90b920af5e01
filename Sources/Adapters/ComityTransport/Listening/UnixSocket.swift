// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc

/// The place of a Unix socket in the file system, and what must be true of it before and after binding.
struct UnixSocket: Sendable {
    /// `sun_path` of unix(7), without the closing zero.
    static let maximumPathLength = 107

    let path: String
    let mode: mode_t
    let directoryMode: mode_t
    /// Whether folders get their mode whatever the umask says.
    var isDirectoryModeExact = false

    /// Makes the folder and removes a socket that nobody listens on any more.
    func prepare() throws(TransportError) {
        guard !path.isEmpty, path.utf8.count <= Self.maximumPathLength else {
            throw TransportError(
                .socketPathUnusable,
                "socket path \(path) has \(path.utf8.count) bytes, but 1 to \(Self.maximumPathLength) are possible; "
                    + "choose a shorter one")
        }
        try makeDirectory(of: path)
        try removeStaleSocket()
    }

    /// Lets those in who may connect. Until then the socket has what the umask left.
    func open() throws(TransportError) {
        guard chmod(path, mode) == 0 else {
            throw failure("cannot set the mode of socket \(path)")
        }
    }

    private func makeDirectory(of path: String) throws(TransportError) {
        guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else { return }
        let directory = String(path[..<slash])
        guard access(directory, F_OK) != 0 else { return }
        try makeDirectory(of: directory)
        if mkdir(directory, directoryMode) != 0, errno != EEXIST {
            throw failure("cannot make folder \(directory) for socket \(path)")
        }
        if isDirectoryModeExact, chmod(directory, directoryMode) != 0 {
            throw failure("cannot open folder \(directory) of socket \(path) to its users")
        }
    }

    private func removeStaleSocket() throws(TransportError) {
        let (kind, _) = FileIdentity.look(at: path)
        switch kind {
        case .nothing: return
        case .unknown: throw failure("cannot look at socket path \(path)")
        case .other:
            throw TransportError(
                .socketPathUnusable,
                "\(path) exists and is not a socket; move it away or set another socket path")
        case .socket: break
        }
        guard try !isServed() else {
            throw TransportError(
                .socketBusy,
                "another process already listens on socket \(path); stop it or set another socket path")
        }
        if unlink(path) != 0, errno != ENOENT {
            throw failure("cannot remove the stale socket \(path)")
        }
    }

    /// Whether somebody listens: only then does connecting not end in "connection refused".
    private func isServed() throws(TransportError) -> Bool {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        guard descriptor >= 0 else { throw failure("cannot look at socket path \(path)") }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        if result == 0 { return true }
        switch errno {
        case ECONNREFUSED, ENOENT: return false
        case EACCES, EPERM: throw failure("cannot find out whether socket \(path) is in use")
        default: return true
        }
    }

    private func failure(_ message: String) -> TransportError {
        let number = errno
        let reason = String(cString: strerror(number))
        let isDenied = number == EACCES || number == EPERM || number == EROFS
        let cure = isDenied ? "; run as a user who may write there or set another socket path" : ""
        return TransportError(
            isDenied ? .permissionDenied : .socketPathUnusable, "\(message): \(reason)\(cure)")
    }
}
