// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import Foundation
import Testing

/// Runs the Python programs of `Clients`, which use only packages that are not ours.
enum PythonClient {
    private static let clients = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Clients")

    /// The interpreter with the packages; `Scripts/prerequisites test` prepares it.
    static func interpreter() throws -> String {
        try #require(
            ProcessInfo.processInfo.environment["COMITY_TEST_PYTHON"],
            "COMITY_TEST_PYTHON names no interpreter: run the tests by make test")
    }

    static func run(_ script: String, _ arguments: String..., input: String = "") async throws -> ToolCommand.Result {
        try await ToolCommand.run(
            try interpreter(), [clients.appending(path: script).path] + arguments, input: input)
    }

    /// Runs a program that prints one JSON value.
    static func answer<Answer: Decodable>(
        _ type: Answer.Type, _ script: String, _ arguments: String..., input: String = ""
    ) async throws -> Answer {
        try await answer(type, script, arguments, input: input)
    }

    static func answer<Answer: Decodable>(
        _ type: Answer.Type, _ script: String, _ arguments: [String], input: String = ""
    ) async throws -> Answer {
        let result = try await ToolCommand.run(
            try interpreter(), [clients.appending(path: script).path] + arguments, input: input)
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(type, from: Data(result.check().output.utf8))
    }

    /// Starts a program that goes on.
    static func start(
        _ script: String, _ arguments: String..., in domain: Deployment, log: String
    ) throws -> RunningProgram {
        try RunningProgram(
            try interpreter(), [clients.appending(path: script).path] + arguments, in: domain.folder.path,
            log: domain.folder.path(log))
    }
}
