// SPDX-License-Identifier: Apache-2.0

import CLinux
import Foundation

/// A process that ends with this one, however that ends; Foundation's own may live on, and crash when two start at once.
struct SpawnedProcess: Sendable {
    let id: Int32

    /// - Parameters:
    ///   - environment: Variables besides those of this process.
    ///   - descriptors: Its standard input, output and error. They stay open here.
    /// - Throws: `POSIXError`.
    init(
        _ executable: String, _ arguments: [String], environment: [String: String] = [:], in folder: String? = nil,
        _ descriptors: (input: Int32, output: Int32, errors: Int32)
    ) throws {
        let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }.map { "\($0)=\($1)" }
        var words = Self.pointers([executable] + arguments)
        var settings = Self.pointers(variables)
        defer { for text in words + settings { free(text) } }
        id = comity_spawn(
            executable, &words, &settings, folder, descriptors.input, descriptors.output, descriptors.errors)
        guard id > 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    }

    /// Waits until it has ended; it is not reaped yet, so that its process ID is no other's.
    func awaitEnd() {
        var information = siginfo_t()
        while waitid(P_PID, id_t(id), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
    }

    /// Waits for its end and lets go of it.
    ///
    /// - Returns: The exit code, or the signal that ended it.
    func reap() -> Int32 {
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0, errno == EINTR {}
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : status & 0x7F
    }

    private static func pointers(_ texts: [String]) -> [UnsafeMutablePointer<CChar>?] {
        texts.map { strdup($0) } + [nil]
    }
}
