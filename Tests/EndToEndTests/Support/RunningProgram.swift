// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import Foundation
import Synchronization

/// A long-running process whose output goes to a file; ended with the test that started it.
final class RunningProgram: Sendable {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    let name: String
    let logPath: String
    private let process: Mutex<Process>
    private let exits: AsyncStream<Int32>

    init(_ executable: String, _ arguments: [String], in folder: String, log logPath: String) throws {
        name = ([executable] + arguments).joined(separator: " ")
        self.logPath = logPath
        _ = FileManager.default.createFile(atPath: logPath, contents: nil)
        guard let log = FileHandle(forWritingAtPath: logPath) else {
            throw Failure(description: "cannot write \(logPath)")
        }
        let process = Process()
        process.executableURL = URL(filePath: executable)
        process.arguments = arguments
        process.currentDirectoryURL = URL(filePath: folder)
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = log
        process.standardError = log
        let (exits, continuation) = AsyncStream<Int32>.makeStream()
        self.exits = exits
        process.terminationHandler = { ended in
            continuation.yield(ended.terminationStatus)
            continuation.finish()
        }
        try process.run()
        self.process = Mutex(process)
    }

    deinit {
        process.withLock { if $0.isRunning { kill($0.processIdentifier, SIGKILL) } }
    }

    var processID: Int32 { process.withLock { $0.processIdentifier } }
    var isRunning: Bool { process.withLock { $0.isRunning } }
    var log: String { (try? String(contentsOfFile: logPath, encoding: .utf8)) ?? "" }

    /// The lines of the log that hold all the given texts.
    func lines(_ texts: String...) -> [String] {
        log.split(separator: "\n").map(String.init).filter { line in texts.allSatisfy { line.contains($0) } }
    }

    /// Waits until the log has a line with all the given texts.
    @discardableResult
    func line(_ texts: String..., within limit: Duration = .seconds(30)) async throws -> String {
        try await eventually("\(name) logs \(texts)", within: limit, or: { self.log }) {
            self.log.split(separator: "\n").map(String.init).first { line in texts.allSatisfy { line.contains($0) } }
        }
    }

    /// Sends a signal and waits for the end; answers with the exit code.
    @discardableResult
    func stop(_ signal: Int32 = SIGTERM) async -> Int32 {
        process.withLock { if $0.isRunning { kill($0.processIdentifier, signal) } }
        return await exit()
    }

    /// Waits until the process has ended by itself.
    func exit() async -> Int32 {
        for await code in exits { return code }
        return process.withLock { $0.terminationStatus }
    }
}

/// Asks again and again until there is an answer; a bounded wait for what other processes do.
@discardableResult
func eventually<Value>(
    _ what: String, within limit: Duration = .seconds(30), or details: () -> String = { "" },
    _ answer: () async throws -> Value?
) async throws -> Value {
    let deadline = ContinuousClock.now.advanced(by: limit)
    while true {
        if let value = try await answer() { return value }
        guard ContinuousClock.now < deadline else {
            throw RunningProgram.Failure(description: "not within \(limit): \(what)\n\(details())")
        }
        try await Task.sleep(for: .milliseconds(50))
    }
}
