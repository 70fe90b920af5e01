// SPDX-License-Identifier: Apache-2.0

import ComityClient
import ComityTesting
import Foundation
import Glibc
import Testing

@testable import ComityCommands

/// What a command says when nobody answers at its socket.
@Suite struct UnreachableTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test(arguments: [
        ("nothing", ClientError.Code.missing, "no such file or directory"),
        ("nothing/below", .missing, "no such file or directory"),
        ("file", .notASocket, "connection refused"), ("file/below", .missing, "not a directory"),
        (".", .notASocket, "connection refused"), ("ended", .notListening, "connection refused"),
        ("datagram", .otherKind, "protocol wrong type for socket"),
    ])
    func firstLineIsThatOfSPIRE(_ name: String, _ code: ClientError.Code, _ reason: String) async throws {
        try Data().write(to: URL(filePath: folder.path("file")))
        let sockets = try [makeSocket("ended", SOCK_STREAM), makeSocket("datagram", SOCK_DGRAM)]
        defer { sockets.forEach { close($0) } }
        let path = folder.path(name)

        let error = await #expect(throws: ClientError.self) {
            try await ServerAPI.connect(socketPath: path) { _ in }
        }

        #expect(error == ClientError(code, ""))
        #expect(
            error?.message == "rpc error: code = Unavailable desc = connection error: desc = "
                + "\"transport: Error while dialing: dial unix \(path): connect: \(reason)\"")
    }

    @Test(
        "a program that does not speak HTTP/2 is no server",
        arguments: [
            ("HTTP/1.1 400 Bad Request\r\n\r\n", "this is not HTTP/2"), ("", "EOF"), ("short", "EOF"),
        ])
    func othersThanServersAreNamed(_ answer: String, _ reason: String) async throws {
        let listener = try makeSocket("other", SOCK_STREAM)
        try #require(listen(listener, 1) == 0)
        defer { close(listener) }
        // Ends with the one connection that it answers, which the command makes.
        Thread.detachNewThread {
            let connection = accept(listener, nil, nil)
            var greeting = [UInt8](repeating: 0, count: 33)
            recv(connection, &greeting, greeting.count, Int32(MSG_WAITALL))
            send(connection, answer, answer.utf8.count, Int32(MSG_NOSIGNAL))
            close(connection)
        }

        let error = await #expect(throws: ClientError.self) {
            try await ServerAPI.connect(socketPath: folder.path("other")) { _ in }
        }

        #expect(error == ClientError(.otherKind, ""))
        #expect(error?.message.hasSuffix("desc = \"error reading server preface: \(reason)\"") == true)
    }

    @Test func aPathThatNoSocketCanHaveIsNamed() async {
        let error = await #expect(throws: ClientError.self) {
            try await AgentAPI.connect(socketPath: String(repeating: "x", count: 200), timeout: nil) { _ in }
        }
        #expect(error == ClientError(.pathTooLong, ""))
    }

    /// Bound, and nobody listens.
    private func makeSocket(_ name: String, _ kind: __socket_type) throws -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(kind.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(folder.path(name).utf8)) }
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(result == 0)
        return descriptor
    }
}
