// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A program of the system, such as `curl` or `openssl`, run to its end.
package struct ToolCommand: Sendable {
    package struct Result: Sendable {
        package var exitCode: Int32
        package var output: String
        package var errors: String
    }

    /// The program cannot be started.
    package struct MissingTool: Error, CustomStringConvertible {
        package var description: String
    }

    /// Runs a program found in the search path.
    ///
    /// - Throws: ``MissingTool``, so that a test never passes for want of the program.
    package static func run(_ name: String, _ arguments: [String], input: String = "") async throws -> Result {
        let (stdin, stdout, stderr) = (Pipe(), Pipe(), Pipe())
        let process = try SpawnedProcess(
            "/usr/bin/env", [name] + arguments,
            (
                stdin.fileHandleForReading.fileDescriptor, stdout.fileHandleForWriting.fileDescriptor,
                stderr.fileHandleForWriting.fileDescriptor
            ))
        // Whoever reads would wait for these ends too.
        try stdin.fileHandleForReading.close()
        try stdout.fileHandleForWriting.close()
        try stderr.fileHandleForWriting.close()
        try stdin.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try stdin.fileHandleForWriting.close()
        async let output = text(of: stdout.fileHandleForReading)
        async let errors = text(of: stderr.fileHandleForReading)
        let exitCode = await withCheckedContinuation { continuation in
            Thread.detachNewThread { continuation.resume(returning: process.reap()) }
        }
        // What env says when it finds no such program.
        guard exitCode != 127 else { throw MissingTool(description: "\(name) is not installed: \(try await errors)") }
        return Result(exitCode: exitCode, output: try await output, errors: try await errors)
    }

    /// Reads on a thread of its own: blocking reads would hold up the other tests.
    private static func text(of file: FileHandle) async throws -> String {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(
                    with: Swift.Result { String(decoding: try file.readToEnd() ?? Data(), as: UTF8.self) })
            }
        }
    }
}
