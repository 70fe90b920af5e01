// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import Synchronization

/// An empty folder of one test, there until this process ends. Its path is short enough for a Unix socket in it.
///
/// It goes with the process and not with the last reference, for programs and paths that came from it outlive that.
package struct TemporaryFolder: Sendable {
    package let path: String

    /// Holds all folders of this process.
    private static let root: Result<String, any Error> = Result {
        let path = "/tmp/comity-\(getpid())-\(UInt32.random(in: .min ... .max))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        atexit { TemporaryFolder.removeAll() }
        return path
    }
    private static let count = Atomic(0)

    package init() throws {
        let number = Self.count.add(1, ordering: .relaxed).newValue
        path = "\(try Self.root.get())/\(number)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }

    package func path(_ name: String) -> String {
        "\(path)/\(name)"
    }

    private static func removeAll() {
        // A folder left behind is no failure of a test.
        if case .success(let path) = root { try? FileManager.default.removeItem(atPath: path) }
    }
}
