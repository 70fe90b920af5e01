// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import Foundation

/// A disk that can be filled: a tmpfs of two MiB, or, where this process may not mount one, a limit on the size of files
/// that a program writes.
struct SmallDisk: Sendable {
    /// `MNT_DETACH`
    private static let detach: Int32 = 2

    private let path: String
    private let user: UnprivilegedUser
    private let isMounted: Bool

    private var filler: String { "\(path)/filler" }

    init(at path: String, of user: UnprivilegedUser) async throws {
        self.path = path
        self.user = user
        isMounted =
            try await ToolCommand.run(
                "mount", ["-t", "tmpfs", "-o", "size=2m,mode=0700,uid=\(user.id)", "tmpfs", path]
            ).exitCode == 0
    }

    func fill(against program: RunningProgram) async throws {
        guard isMounted else {
            try await limit(program, to: "0")
            return
        }
        let descriptor = open(filler, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        defer { close(descriptor) }
        let page = [UInt8](repeating: 1, count: 4096)
        while write(descriptor, page, page.count) > 0 {}
    }

    func makeRoom(for program: RunningProgram) async throws {
        if isMounted {
            unlink(filler)
        } else {
            try await limit(program, to: "unlimited")
        }
    }

    func remove() {
        // Also while a server still has files on it.
        if isMounted { umount2(path, Self.detach) }
    }

    private func limit(_ program: RunningProgram, to size: String) async throws {
        // By the same user: root without its capabilities may not.
        let words = user.words + ["prlimit", "--pid", "\(program.processID)", "--fsize=\(size):unlimited"]
        try await ToolCommand.run("env", words).check()
    }
}
