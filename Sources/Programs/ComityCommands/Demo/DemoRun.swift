// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityDemo
import FoundationEssentials

/// `comity demo [--keep]`
struct DemoRun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Shows two trust domains that trust each other while their keys change.",
        discussion: """
            Starts two servers, two agents and two workloads as processes of their own in a folder under /tmp, and ends \
            with a table of what was shown.
            """)

    @Flag(name: .flag("keep"), help: "Leaves everything running at the end and prints commands to try.")
    var keep = false

    func run() async throws {
        let executable = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let code = try await Demo(options: DemoOptions(executable: executable, keepsRunning: keep)).play()
        if code != 0 { throw ExitCode(code) }
    }
}
