// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import Foundation
import Testing

/// The container images without a container engine: the same layout in a folder.
@Suite struct ImageLayoutTests {
    private static let programs = ["spire-server", "spire-agent"]

    @Test("C19 S5 S56: each program runs by its absolute paths, relative to the work folder, and by the search path")
    func runsByEveryPath() async throws {
        let image = try await AssembledImage()
        for program in Self.programs {
            let calls = [
                ["-C", image.root, image.path("/opt/spire/bin/\(program)")],
                ["-C", image.root, image.path("/\(program)")],
                ["-C", image.path("/opt/spire"), "./\(program)"],
                ["-C", image.path("/opt/spire"), "bin/\(program)"],
                ["-C", image.root, "./\(program)"],
                ["PATH=\(image.path("/opt/spire/bin"))", program],
            ]
            for call in calls { try await Self.expectProgram(program, "env", call) }
        }
    }

    @Test("C19: so it does when the folder is the root", .enabled(if: getuid() == 0, "only root may change the root"))
    func runsAsTheRoot() async throws {
        let image = try await AssembledImage()
        try await image.addLibraries()
        for program in Self.programs {
            for path in ["/opt/spire/bin/\(program)", "/\(program)", "/opt/spire/\(program)"] {
                // The root of a container has /proc too.
                let enter = #"mkdir -p "$0/proc" && mount --rbind /proc "$0/proc" && exec chroot "$0" "$@""#
                try await Self.expectProgram(program, "unshare", ["-m", "sh", "-c", enter, image.root, path])
            }
        }
    }

    /// Whichever program it is says so: they answer to a wrong command in their own words.
    private static func expectProgram(_ program: String, _ tool: String, _ call: [String]) async throws {
        let result = try await ToolCommand.run(tool, call + ["validate", "-config", "/nowhere.conf"])
        #expect(result.exitCode == 1, "\(call): \(result.errors)")
        #expect(result.errors.contains("/nowhere.conf"), "\(call): \(result.errors)")
        let help = try await ToolCommand.run(tool, call + ["-h"])
        #expect((help.output + help.errors).contains(program), "\(call): \(help.output)\(help.errors)")
    }
}
