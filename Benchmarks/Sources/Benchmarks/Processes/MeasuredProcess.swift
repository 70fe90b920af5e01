// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc

/// A running `comity server` or `comity agent`.
struct MeasuredProcess: Sendable {
    /// How long one may take to stop before it is killed.
    private static let patience = Duration.seconds(15)

    let pid: pid_t
    let clock: CPUClock
    let startedAt: ContinuousClock.Instant
    private let log: String

    /// Starts it in our process group, so that Ctrl-C ends it too. Its output goes to a file.
    init(_ executable: String, _ arguments: [String], log: String) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // What this process does with signals is no concern of it.
        var (none, all) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        var words: [UnsafeMutablePointer<CChar>?] = ([executable] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        startedAt = .now
        var pid: pid_t = 0
        let code = posix_spawn(&pid, executable, &actions, &attributes, &words, environ)
        guard code == 0 else { throw BenchmarkError("cannot start \(executable): \(String(cString: strerror(code)))") }
        self.pid = pid
        self.log = log
        clock = try CPUClock(pid: pid)
    }

    /// What it has in memory, in MB of 2^20 bytes.
    func residentMegabytes() throws -> Double {
        let status = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        guard let kilobytes = line?.split(whereSeparator: { !$0.isNumber }).first.flatMap({ Double($0) }) else {
            throw BenchmarkError("/proc/\(pid)/status does not say how much memory there is")
        }
        return kilobytes / 1024
    }

    /// - Throws: ``BenchmarkError`` when it has ended by itself.
    func checkRunning() throws {
        guard waitpid(pid, nil, WNOHANG) == 0 else {
            throw BenchmarkError("a measured process ended by itself; its log is \(log)")
        }
    }

    /// Ends it and waits for that.
    func stop() async {
        guard kill(pid, SIGTERM) == 0 else { return }
        let deadline = ContinuousClock.now + Self.patience
        while waitpid(pid, nil, WNOHANG) == 0 {
            if ContinuousClock.now > deadline { kill(pid, SIGKILL) }
            // Not to be cut short by the failure that may be why we are here; awaited at once.
            await Task.detached { try? await Task.sleep(for: .milliseconds(10)) }.value
        }
    }
}
