// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// Where lines of the log go: one write for each, whole, in the order of the callers.
package final class LogOutput: Sendable {
    private let path: String?
    private let descriptor: Mutex<Int32>

    /// - Parameters:
    ///   - path: A file that lines are appended to; standard output when nil.
    ///   - usesStandardError: Standard error when there is no file.
    package init(path: String? = nil, usesStandardError: Bool = false) throws(TelemetryError) {
        self.path = path
        descriptor = Mutex(try path.map(Self.open) ?? (usesStandardError ? STDERR_FILENO : STDOUT_FILENO))
    }

    deinit {
        if path != nil { descriptor.withLock { _ = close($0) } }
    }

    /// Opens the file anew, for when it was moved away (SIGUSR2); the old one stays in use when that fails.
    package func reopen() throws(TelemetryError) {
        guard let path else { return }
        let opened = try Self.open(path)
        descriptor.withLock { descriptor in
            close(descriptor)
            descriptor = opened
        }
    }

    /// Writes a line; what cannot be written is lost, since there is no better place to tell it.
    func write(_ line: String) {
        var line = line
        line.withUTF8 { bytes in
            descriptor.withLock { descriptor in
                var rest = UnsafeRawBufferPointer(bytes)
                while !rest.isEmpty {
                    let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
                    if count > 0 {
                        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
                    } else if count == 0 || !Self.mayRetry(descriptor) {
                        return
                    }
                }
            }
        }
    }

    private static func mayRetry(_ descriptor: Int32) -> Bool {
        if errno == EINTR { return true }
        guard errno == EAGAIN else { return false }
        // Standard output may be shared with a program that made it non-blocking.
        var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return poll(&wait, 1, 1000) > 0
    }

    private static func open(_ path: String) throws(TelemetryError) -> Int32 {
        let descriptor = Glibc.open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else {
            let reason = String(cString: strerror(errno))
            throw TelemetryError(
                .logFile, "log file \(path) cannot be opened (\(reason)); set log_file to a file in a writable folder")
        }
        return descriptor
    }
}
