// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// The folder of this package, for tests of what it ships.
enum PackageFolder {
    static let url = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    static func path(_ relative: String) -> String { url.appending(path: relative).path }

    static func text(_ relative: String) throws -> String {
        try String(contentsOf: url.appending(path: relative), encoding: .utf8)
    }
}
