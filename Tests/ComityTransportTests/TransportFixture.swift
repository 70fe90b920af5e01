// SPDX-License-Identifier: Apache-2.0

import ComityTransport
import Foundation
import GRPCCore
import Logging
import ServerAPIProtos
import Testing

/// A scratch folder with a short path, so that sockets fit into it.
struct ScratchFolder: ~Copyable {
    let path: String

    init() throws {
        path = "/tmp/ct-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }
}

extension GRPCListener {
    /// Serves ``PeerReport`` for as long as `body` runs.
    func serving<Result: Sendable>(_ body: (BoundAddress) async throws -> Result) async throws -> Result {
        let server = GRPCServer(
            transport: makeTransport(logger: Logger(label: "test")), services: [PeerReport()],
            interceptors: [RequestLoggerInterceptor(logger: Logger(label: "test"))])
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await GRPCService(server: server).run() }
            defer { group.cancelAll() }
            guard let address = await server.transport.boundAddress else {
                try await group.next()
                throw CancellationError()
            }
            return try await body(address)
        }
    }

    /// Starts and stops, and answers with the error that starting ended in.
    func startFailure() async -> TransportError? {
        do {
            try await serving { _ in }
            return nil
        } catch {
            return error as? TransportError
        }
    }
}

extension GRPCConnector {
    /// What the server says of us.
    func report() async throws -> Set<String> {
        try await withClient { try await $0.report() }
    }
}

extension GRPCClient {
    func report() async throws -> Set<String> {
        let reply = try await Grpc_Health_V1_Health.Client(wrapping: self).list(.init())
        return Set(reply.statuses.keys)
    }
}

/// Runs a program and answers with its exit code and its output, both streams together.
func run(_ program: String, _ arguments: [String], input: String = "") async throws -> (
    code: Int32, output: String, pid: Int32
) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    let output = Pipe()
    let source = Pipe()
    process.standardOutput = output
    process.standardError = output
    process.standardInput = source
    try process.run()
    let pid = process.processIdentifier
    source.fileHandleForWriting.write(Data(input.utf8))
    try source.fileHandleForWriting.close()
    return await withCheckedContinuation { continuation in
        DispatchQueue.global().async {
            let data = output.fileHandleForReading.readDataToEndOfFile()
            process.waitUntilExit()
            continuation.resume(
                returning: (process.terminationStatus, String(decoding: data, as: UTF8.self), pid))
        }
    }
}
