// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

/// A long-running process whose output goes to a file; ended with the test that started it, and with this process.
package final class RunningProgram: Sendable {
    package struct Failure: Error, CustomStringConvertible {
        package let description: String

        package init(description: String) {
            self.description = description
        }
    }

    package let name: String
    package let logPath: String
    package var processID: Int32 { process.id }
    private let process: SpawnedProcess
    private let end: Mutex<Int32?>
    private let exits: AsyncStream<Int32>

    /// - Parameter environment: variables besides those of this process.
    package init(
        _ executable: String, _ arguments: [String], environment: [String: String] = [:], in folder: String,
        log logPath: String
    ) throws {
        name = ([executable] + arguments).joined(separator: " ")
        self.logPath = logPath
        let log = open(logPath, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0o644)
        let input = open("/dev/null", O_RDONLY | O_CLOEXEC)
        defer { for descriptor in [log, input] { close(descriptor) } }
        guard log >= 0, input >= 0 else { throw Failure(description: "cannot write \(logPath)") }
        process = try SpawnedProcess(executable, arguments, environment: environment, in: folder, (input, log, log))
        end = Mutex(nil)
        let (exits, continuation) = AsyncStream<Int32>.makeStream()
        self.exits = exits
        awaitEnd { code in
            continuation.yield(code)
            continuation.finish()
        }
    }

    deinit {
        send(SIGKILL)
    }

    package var isRunning: Bool { end.withLock { $0 == nil } }
    package var log: String { (try? String(contentsOfFile: logPath, encoding: .utf8)) ?? "" }

    /// Reaps the process on a thread of its own. Until then its process ID is no other's.
    private func awaitEnd(_ tell: @escaping @Sendable (Int32) -> Void) {
        let process = process
        Thread.detachNewThread { [weak self] in
            process.awaitEnd()
            guard let self else {
                tell(process.reap())
                return
            }
            let code = end.withLock { end in
                let code = process.reap()
                end = code
                return code
            }
            tell(code)
        }
    }

    private func send(_ signal: Int32) {
        end.withLock { if $0 == nil { kill(processID, signal) } }
    }

    /// The lines of the log that hold all the given texts.
    package func lines(_ texts: String...) -> [String] {
        log.split(separator: "\n").map(String.init).filter { line in texts.allSatisfy { line.contains($0) } }
    }

    /// Waits until the log has a line with all the given texts.
    @discardableResult
    package func line(_ texts: String..., within limit: Duration = .seconds(30)) async throws -> String {
        try await eventually("\(name) logs \(texts)", within: limit, or: { self.log }) {
            self.log.split(separator: "\n").map(String.init).first { line in texts.allSatisfy { line.contains($0) } }
        }
    }

    /// Sends a signal and waits for the end; answers with the exit code.
    @discardableResult
    package func stop(_ signal: Int32 = SIGTERM) async -> Int32 {
        send(signal)
        return await exit()
    }

    /// Waits until the process has ended by itself.
    package func exit() async -> Int32 {
        for await code in exits { return code }
        return end.withLock { $0 ?? -1 }
    }
}

/// Asks again and again until there is an answer; a bounded wait for what other processes do.
@discardableResult
package func eventually<Value>(
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
