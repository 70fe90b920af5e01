// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// A folder of one test, gone with the last reference to it. Its path is short enough for a Unix socket in it.
package final class TemporaryFolder: Sendable {
    package let path: String

    package init() throws {
        path = "/tmp/comity-\(UInt64.random(in: .min ... .max))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }

    package func path(_ name: String) -> String {
        "\(path)/\(name)"
    }

    deinit {
        // A folder left behind is no failure of the test.
        try? FileManager.default.removeItem(atPath: path)
    }
}
