// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import FoundationEssentials

/// The executable that the package builds, under the names it answers to.
enum BuiltExecutable {
    /// `COMITY_TEST_EXECUTABLE`, or the debug build of this package.
    static let path: String = {
        if let given = ProcessInfo.processInfo.environment["COMITY_TEST_EXECUTABLE"] { return given }
        return PackageFolder.path(".build/debug/comity")
    }()

    /// The path that a workload attestor finds for it.
    static var realPath: String { URL(filePath: path).resolvingSymlinksInPath().path }

    /// Links the executable into a folder as `comity`, `spire-server` and `spire-agent`.
    static func link(into folder: TemporaryFolder) throws {
        for name in ["comity", "spire-server", "spire-agent"] {
            try FileManager.default.createSymbolicLink(
                atPath: folder.path(name), withDestinationPath: path)
        }
    }
}
