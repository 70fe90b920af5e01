// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc
import NIOPosix

/// A process of ours, in a process group of its own, so that whatever it starts can be ended with it. The kernel ends it
/// when this process is gone, however that went.
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

    /// Starts a program that ends with this one at the latest. Its standard input is empty.
    static func start(
        _ name: String, _ executable: String, _ arguments: [String], output: Output, errors: Output
    ) throws(DemoError) -> ChildProcess {
        let input = try Stream("/dev/null", O_RDONLY)
        let (output, errors) = (try Stream(output), try Stream(errors))
        defer { for stream in [input, output, errors] { stream.close() } }
        var words: [UnsafeMutablePointer<CChar>?] = ([executable] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        let pid = comity_spawn(
            executable, &words, environ, nil, input.descriptor, output.descriptor, errors.descriptor)
        guard pid > 0 else {
            throw DemoError(.system, "cannot start \(executable): \(String(cString: strerror(errno)))")
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

    /// An open descriptor, and whether it is to be closed here once the process has its copy.
    private struct Stream {
        let descriptor: Int32
        private let isOurs: Bool

        private init(_ descriptor: Int32, isOurs: Bool) {
            self.descriptor = descriptor
            self.isOurs = isOurs
        }

        init(_ path: String, _ flags: Int32) throws(DemoError) {
            self.init(open(path, flags | O_CLOEXEC, 0o600), isOurs: true)
            guard descriptor >= 0 else {
                throw DemoError(.system, "cannot open \(path): \(String(cString: strerror(errno)))")
            }
        }

        init(_ output: Output) throws(DemoError) {
            switch output {
            case .file(let path): try self.init(path, O_WRONLY | O_CREAT | O_APPEND)
            case .descriptor(let descriptor): self.init(descriptor, isOurs: false)
            }
        }

        func close() {
            if isOurs { Glibc.close(descriptor) }
        }
    }
}
