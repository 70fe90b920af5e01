// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import Foundation

/// A user who may only do what files allow: another one when the tests run as root, else the one who runs them.
struct UnprivilegedUser: Sendable {
    private static let nobody: uid_t = 65534

    let id: uid_t
    private var isAnother: Bool { id != geteuid() }

    /// Words before a command that make it this user's.
    var words: [String] {
        isAnother ? ["setpriv", "--reuid=\(id)", "--regid=\(id)", "--clear-groups"] : []
    }

    init() throws {
        id = geteuid() == 0 ? Self.nobody : geteuid()
    }

    func makeFolder(_ path: String) throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try give(path)
    }

    func give(_ path: String) throws {
        guard isAnother else { return }
        guard chown(path, id, id) == 0 else {
            throw RunningProgram.Failure(description: "cannot give \(path) to user \(id)")
        }
    }

    /// Starts the server as this user; the executable may lie where the user cannot look.
    func start(_ domain: Deployment, log: String = "server.log") throws -> RunningProgram {
        let executable = domain.folder.path("executable")
        if !FileManager.default.fileExists(atPath: executable) {
            try FileManager.default.copyItem(atPath: BuiltExecutable.realPath, toPath: executable)
        }
        // A file that may not grow is then an error for the writer and not its end.
        return try RunningProgram(
            "/usr/bin/env",
            ["--ignore-signal=XFSZ"] + words + [executable, "server", "run", "-config", "conf/server.conf"],
            in: domain.folder.path, log: domain.folder.path(log))
    }
}
