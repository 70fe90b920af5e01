// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityConfiguration
import ComityServer
import Foundation

/// `server restore`
struct ServerRestore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Puts a backup in the place of what a stopped server keeps.")

    @OptionGroup var flags: ServerRunFlags

    @Option(name: .flag("path"), help: "File that server backup wrote.")
    var path = ""

    func run() async throws {
        guard !path.isEmpty else { throw CommandError(.input, "-path is required: it names the backup") }
        let settings = try ServerSettings(try flags.load().configuration)
        let outcome = try await Restoration(settings: settings).run(from: path, now: Date())
        let (manifest, kept) = (outcome.manifest, outcome.kept)
        let time = manifest.takenAt.formatted(.iso8601)
        Console.out("Restored \(manifest.contents) of \(manifest.trustDomain) as of \(time).\n")
        if !kept.isEmpty { Console.out("What was there is kept:\n\(kept.map { "  \($0)\n" }.joined())") }
        if !manifest.holdsDatabase {
            Console.hint(
                "the database is PostgreSQL; put its copy back, too: pg_restore --clean --dbname=DATABASE FILE")
        }
    }
}
