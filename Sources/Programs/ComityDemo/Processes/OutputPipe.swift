// SPDX-License-Identifier: Apache-2.0

import Glibc
import NIOPosix

/// A pipe that a child process writes lines to.
struct OutputPipe: Sendable {
    /// Longer lines are cut off, and no more than ``maximumSize`` of all is kept.
    static let maximumLine = 1 << 20
    static let maximumSize = 4 << 20

    let readEnd: Int32
    let writeEnd: Int32

    init() throws(DemoError) {
        var ends: [Int32] = [-1, -1]
        // A pair of sockets is closed in other children from the start, which a pipe is only a moment later.
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw DemoError(.system, "cannot make a pipe: \(String(cString: strerror(errno)))")
        }
        (readEnd, writeEnd) = (ends[0], ends[1])
    }

    /// Gives the writing end up, which the child has its own copy of, and hands on each line until the child is gone.
    func readLines(_ receive: @escaping @Sendable ([UInt8]) -> Void) async throws {
        close(writeEnd)
        try await ChildProcess.threads.runIfActive { [readEnd] in
            defer { close(readEnd) }
            var line: [UInt8] = []
            Self.read(readEnd) { bytes in
                for byte in bytes {
                    if byte == UInt8(ascii: "\n") {
                        receive(line)
                        line = []
                    } else if line.count < Self.maximumLine {
                        line.append(byte)
                    }
                }
            }
            if !line.isEmpty { receive(line) }
        }
    }

    /// The same for a child whose whole output is wanted.
    func readText() async throws -> String {
        close(writeEnd)
        return try await ChildProcess.threads.runIfActive { [readEnd] in
            defer { close(readEnd) }
            var all: [UInt8] = []
            Self.read(readEnd) { if all.count < Self.maximumSize { all += $0 } }
            return String(decoding: all, as: UTF8.self)
        }
    }

    private static func read(_ descriptor: Int32, _ receive: (ArraySlice<UInt8>) -> Void) {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            receive(buffer[..<count])
        }
    }
}
