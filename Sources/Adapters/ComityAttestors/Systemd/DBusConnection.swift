// SPDX-License-Identifier: Apache-2.0

import ComityAttestation
import Glibc
import SPIFFE

/// A connection to a message bus at a Unix socket. It blocks, but never longer than its deadline.
final class DBusConnection {
    private static let bus = "org.freedesktop.DBus"
    private static let maximumForeignMessages = 64
    private static let maximumLine = 512

    private let descriptor: Int32
    private let deadline: ContinuousClock.Instant
    private var lastSerial: UInt32 = 0

    /// Connects and says hello.
    init(path: String, timeout: Duration) throws(AttestationError) {
        deadline = .now.advanced(by: timeout)
        descriptor = try Self.connect(to: path)
        // From here on `deinit` closes it.
        try authenticate()
        _ = try call(Self.bus, "/org/freedesktop/DBus", Self.bus, "Hello")
    }

    deinit { close(descriptor) }

    /// Calls a method and waits for its answer.
    func call(
        _ destination: String, _ path: String, _ interface: String, _ member: String, _ arguments: DBusValue...
    ) throws(AttestationError) -> [DBusValue] {
        lastSerial += 1
        var message = DBusMessage(.call, serial: lastSerial, body: arguments)
        message.destination = destination
        message.path = path
        message.interface = interface
        message.member = member
        try send(message.bytes)
        for _ in 0..<Self.maximumForeignMessages {
            let answer = try receive()
            guard answer.replySerial == lastSerial else { continue }
            switch answer.kind {
            case .reply: return answer.body
            case .error:
                let reason = if case .string(let text)? = answer.body.first { ": \(text)" } else { "" }
                throw AttestationError(.unavailable, "D-Bus: \(member): \(answer.errorName ?? "error")\(reason)")
            case .call, .signal: continue
            }
        }
        throw AttestationError(.unavailable, "D-Bus: \(member) is not answered")
    }

    /// Sends a message as it is.
    func send(_ bytes: [UInt8]) throws(AttestationError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            try wait(for: POLLOUT)
            let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            guard count > 0 else { throw .system("write to message bus") }
            rest = rest.dropFirst(count)
        }
    }

    func receive() throws(AttestationError) -> DBusMessage {
        let prefix = try read(DBusMessage.prefixLength)
        return try DBusMessage(
            parsing: prefix + read(try DBusMessage.length(ofMessageWith: prefix) - DBusMessage.prefixLength))
    }

    // MARK: - Beginning

    private static func connect(to path: String) throws(AttestationError) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let isTooLong = withUnsafeMutableBytes(of: &address.sun_path) { target in
            guard path.utf8.count < target.count else { return true }
            target.copyBytes(from: path.utf8)
            return false
        }
        guard !isTooLong else {
            throw AttestationError(.unavailable, "path of message bus is too long: \(path.quoted)")
        }
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw .system("open a socket") }
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard status == 0, fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0 else {
            let failure = AttestationError.system("connect to message bus \(path)")
            close(descriptor)
            throw failure
        }
        return descriptor
    }

    /// The bus knows by the socket who connected; the name is that user's ID in hexadecimal digits of its text.
    private func authenticate() throws(AttestationError) {
        let user = String(geteuid()).utf8.hex
        try send([0] + "AUTH EXTERNAL \(user)\r\n".utf8)
        let answer = try line()
        guard answer.hasPrefix("OK") else {
            throw AttestationError(.unavailable, "message bus refuses this user: \(answer.quoted)")
        }
        try send(Array("BEGIN\r\n".utf8))
    }

    private func line() throws(AttestationError) -> String {
        var bytes: [UInt8] = []
        while bytes.count < Self.maximumLine {
            bytes += try read(1)
            if bytes.suffix(2) == [13, 10] { return String(decoding: bytes.dropLast(2), as: UTF8.self) }
        }
        throw DBusReader.malformed("answer to the greeting does not end")
    }

    // MARK: - Bytes

    private func read(_ count: Int) throws(AttestationError) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: min(count, 4096))
        while bytes.count < count {
            try wait(for: POLLIN)
            let received = recv(descriptor, &buffer, min(buffer.count, count - bytes.count), 0)
            if received < 0, errno == EINTR || errno == EAGAIN { continue }
            guard received > 0 else {
                throw AttestationError(.unavailable, "message bus has closed the connection")
            }
            bytes += buffer[..<received]
        }
        return bytes
    }

    private func wait(for event: Int32) throws(AttestationError) {
        var entry = pollfd(fd: descriptor, events: Int16(event), revents: 0)
        let left = ContinuousClock.now.duration(to: deadline) / .milliseconds(1)
        guard left > 0, poll(&entry, 1, Int32(left) + 1) != 0 else {
            throw AttestationError(.unavailable, "message bus does not answer in time")
        }
    }
}
