// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import Foundation

/// The layout of the container images in a folder, made by the script that the images are made by.
struct AssembledImage {
    private let folder: TemporaryFolder

    init() async throws {
        folder = try TemporaryFolder()
        try await ToolCommand.run(
            PackageFolder.path("Scripts/assemble-image"), [BuiltExecutable.path, folder.path("root")]
        ).check()
    }

    var root: String { folder.path("root") }

    /// Where a path of the image is on this machine.
    func path(_ absolute: String) -> String { root + absolute }

    /// Copies what the executable is linked with into the folder, so that it can be the root of a process.
    func addLibraries() async throws {
        let listed = try await ToolCommand.run("ldd", [path("/opt/spire/bin/comity")]).check().output
        // "name => /path (address)", or "/path (address)" for the loader.
        for library in listed.matches(of: /(?:=> |\t)(\/[^ ]+) \(/).map({ String($0.1) }) {
            try await ToolCommand.run("install", ["-D", library, path(library)]).check()
        }
    }
}
