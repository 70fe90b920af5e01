// SPDX-License-Identifier: Apache-2.0

import Glibc
import NIOPosix

/// A process of ours, in a process group of its own, so that whatever it starts ends with it.
struct ChildProcess: Sendable {
    /// What its output goes to.
    enum Output: Sendable {
        case file(String)
        /// An open descriptor, left open.
        case descriptor(Int32)
    }

    /// How it ended.
    enum End: Hashable, Sendable, CustomStringConvertible {
        case exited(Int32)
        case signalled(Int32)

        var description: String {
            switch self {
            case .exited(let code): "exit code \(code)"
            case .signalled(let signal): "signal \(signal)"
            }
        }
    }

    /// Has a thread for each process that is waited for and each pipe that is read.
    static let threads: NIOThreadPool = {
        let pool = NIOThreadPool(numberOfThreads: 24)
        pool.start()
        return pool
    }()

    let name: String
    let pid: pid_t

    /// Starts a program. Its standard input is empty.
    static func start(
        _ name: String, _ executable: String, _ arguments: [String], output: Output, errors: Output
    ) throws(DemoError) -> ChildProcess {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        redirect(&actions, STDOUT_FILENO, output)
        redirect(&actions, STDERR_FILENO, errors)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var (none, all) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        var words: [UnsafeMutablePointer<CChar>?] = ([executable] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var pid: pid_t = 0
        let code = posix_spawn(&pid, executable, &actions, &attributes, &words, environ)
        guard code == 0 else {
            throw DemoError(.system, "cannot start \(executable): \(String(cString: strerror(code)))")
        }
        return ChildProcess(name: name, pid: pid)
    }

    /// Waits for its end. To be called once.
    func end() async throws -> End {
        try await Self.threads.runIfActive { [pid] in
            var status: Int32 = 0
            while waitpid(pid, &status, 0) < 0, errno == EINTR {}
            let signal = status & 0x7F
            return signal == 0 ? End.exited((status >> 8) & 0xFF) : End.signalled(signal)
        }
    }

    /// Sends a signal to the process and to all that it started.
    func signal(_ signal: Int32) {
        kill(-pid, signal)
    }

    private static func redirect(_ actions: inout posix_spawn_file_actions_t, _ descriptor: Int32, _ output: Output) {
        switch output {
        case .file(let path):
            posix_spawn_file_actions_addopen(&actions, descriptor, path, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        case .descriptor(let target):
            posix_spawn_file_actions_adddup2(&actions, target, descriptor)
        }
    }
}
