// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import Foundation
import SwiftProtobuf

/// A call made by curl, which knows HTTP/2 and nothing of gRPC, TLS or tokens.
struct ForeignCall {
    /// The program behind the name, as the kernel shows it.
    static var executable: String {
        get async throws {
            let path = try await ToolCommand.run("sh", ["-c", "command -v curl"]).output
            return URL(filePath: path.trimmingCharacters(in: .newlines)).resolvingSymlinksInPath().path
        }
    }

    let socketPath: String

    /// Makes a call with one request and one answer.
    func call<Response: Message>(
        _ method: String, _ request: some Message, header: String = "workload.spiffe.io: true"
    ) async throws -> Response {
        let folder = try TemporaryFolder()
        let message: Data = try request.serializedBytes()
        try (Data([0]) + withUnsafeBytes(of: UInt32(message.count).bigEndian) { Data($0) } + message)
            .write(to: URL(filePath: folder.path("request")))
        let result = try await ToolCommand.run(
            "curl",
            [
                "--silent", "--show-error", "--http2-prior-knowledge", "--unix-socket", socketPath, "--max-time", "30",
                "-H", "content-type: application/grpc", "-H", "te: trailers", "-H", header, "--data-binary",
                "@" + folder.path("request"), "-o", folder.path("response"), "http://localhost/\(method)",
            ])
        guard result.exitCode == 0, let answer = FileManager.default.contents(atPath: folder.path("response")),
            answer.count >= 5
        else { throw Failure(description: "\(method) has no answer: \(result.errors)") }
        return try Response(serializedBytes: answer.dropFirst(5))
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }
}
