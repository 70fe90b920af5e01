// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc
import NIOPosix
import SPIFFE

/// Runs a credential plugin to its end, within bounds. What it writes to standard error goes to that of this process.
struct ExecRun: Sendable {
    let plugin: ExecPlugin
    /// Variables of this process.
    let environment: [String: String]
    /// What the plugin is told in `KUBERNETES_EXEC_INFO`.
    let info: String

    func output() async throws(KubernetesError) -> [UInt8] {
        let result: Result<[UInt8], KubernetesError>
        do {
            result = try await NIOThreadPool.singleton.runIfActive {
                Result { () throws(KubernetesError) in try run() }
            }
        } catch {
            throw ExecCredential.failure("cannot be run: \(error)")
        }
        return try result.get()
    }

    private func run() throws(KubernetesError) -> [UInt8] {
        let executable = try executable()
        var pipe: [Int32] = [-1, -1]
        let input = open("/dev/null", O_RDONLY | O_CLOEXEC)
        guard input >= 0, Glibc.pipe(&pipe) == 0 else { throw unstartable() }
        for descriptor in pipe { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        let pid = start(executable, input: input, output: pipe[1])
        let failure = pid > 0 ? nil : unstartable()
        close(input)
        close(pipe[1])
        defer { close(pipe[0]) }
        if let failure { throw failure }
        let output = Result { () throws(KubernetesError) in try read(from: pipe[0], until: pid) }
        // The whole group, before its leader is let go of: what it started must not outlive it.
        kill(-pid, SIGKILL)
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        let content = try output.get()
        guard status == 0 else {
            let signal = status & 0x7F
            throw ExecCredential.failure(
                signal == 0 ? "ended with exit code \((status >> 8) & 0xFF)" : "was ended by signal \(signal)")
        }
        return content
    }

    private func unstartable() -> KubernetesError {
        let reason = String(cString: strerror(errno))
        let hint = plugin.installHint.isEmpty ? "" : " (\(plugin.installHint))"
        return ExecCredential.failure("\(plugin.command.quoted) cannot be started: \(reason)\(hint)")
    }

    private func start(_ path: String, input: Int32, output: Int32) -> Int32 {
        let variables = environment.merging(plugin.environment) { $1 }
            .merging(["KUBERNETES_EXEC_INFO": info]) { $1 }
        var words = ([plugin.command] + plugin.arguments).map { strdup($0) } + [nil]
        var settings = variables.map { strdup("\($0)=\($1)") } + [nil]
        defer { for text in words + settings { free(text) } }
        return comity_spawn(path, &words, &settings, nil, input, output, STDERR_FILENO)
    }

    private func executable() throws(KubernetesError) -> String {
        if plugin.command.contains("/") { return plugin.command }
        let folders = (environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":")
        let paths = folders.map { folder -> String in "\(folder)/\(plugin.command)" }
        guard let path = paths.first(where: { path in access(path, X_OK) == 0 }) else {
            errno = ENOENT
            throw unstartable()
        }
        return path
    }

    /// Reads until the process has ended, whoever else may still hold the other end of the pipe.
    private func read(from pipe: Int32, until pid: Int32) throws(KubernetesError) -> [UInt8] {
        let end = comity_pidfd_open(pid)
        guard end >= 0 else { throw ExecCredential.failure("cannot be waited for; Linux 5.3 or newer is needed") }
        defer { close(end) }
        let deadline = ContinuousClock.now + plugin.timeLimit
        var waiting = [
            pollfd(fd: pipe, events: Int16(POLLIN), revents: 0), pollfd(fd: end, events: Int16(POLLIN), revents: 0),
        ]
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            let remaining = (deadline - .now) / .milliseconds(1)
            guard remaining > 0 else {
                throw ExecCredential.failure("did not end within \(plugin.timeLimit)")
            }
            guard poll(&waiting, 2, Int32(min(remaining.rounded(.up), 60_000))) >= 0 || errno == EINTR else {
                throw ExecCredential.failure("cannot be waited for")
            }
            if waiting[0].revents != 0 {
                let count = Glibc.read(pipe, &chunk, chunk.count)
                if count > 0 { content += chunk[..<count] } else { waiting[0].fd = -1 }
                guard content.count <= ExecCredential.maximumBytes else {
                    throw ExecCredential.failure("printed more than \(ExecCredential.maximumBytes) bytes")
                }
            } else if waiting[1].revents != 0 {
                return content
            }
            waiting[0].revents = 0
        }
    }
}
