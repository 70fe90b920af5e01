// SPDX-License-Identifier: Apache-2.0

import ComityClient
import ComityTesting
import FoundationEssentials
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
