// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityConfiguration
import ComityServer
import Foundation

/// `server backup`
struct ServerBackup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Copies database and keys of a server into one file, while it runs.")

    @OptionGroup var flags: ServerRunFlags

    @Option(name: .flag("path"), help: "File to write, in place of one that is there. It holds private keys.")
    var path = ""

    func run() async throws {
        guard !path.isEmpty else { throw CommandError(.input, "-path is required: it names the file to write") }
        let settings = try ServerSettings(try flags.load().configuration)
        let manifest = try await Backup(settings: settings).take(to: path, now: Date())
        Console.out("Backup of \(manifest.trustDomain) written to \(path): \(manifest.contents).\n")
        if !manifest.holdsDatabase {
            Console.hint("the database is PostgreSQL; copy it now, too: pg_dump --format=custom --file=FILE DATABASE")
        }
        if !manifest.holdsKeys {
            Console.hint("keys are in memory: a server on this backup starts with new authorities")
        }
    }
}
