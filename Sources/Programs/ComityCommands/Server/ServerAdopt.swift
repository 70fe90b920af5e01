// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityConfiguration
import ComityServer
import ComityStorage
import Foundation

/// `server adopt`
struct ServerAdopt: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "adopt",
        abstract: "Takes a stopped SPIRE server's place: shows what would be taken, and takes it with -write.")

    @Option(
        name: .flag("config"),
        help: "Path to the configuration file of the server that goes on (conf/server/server.conf).")
    var config = ""

    @Flag(name: .flag("expandEnv"), help: "Expand environment variables in the configuration file.")
    var expandEnv = false

    @Option(name: .flag("source"), help: "The SPIRE server's connection_string: an SQLite file, or PostgreSQL's.")
    var source = ""

    @Option(name: .flag("sourceType"), help: "The SPIRE server's database_type: sqlite3 (default) or postgres.")
    var sourceType = SourceType.sqlite3

    @Option(name: .flag("sourceKeys"), help: "The SPIRE server's keys_path.")
    var sourceKeys = ""

    @Option(
        name: .flag("sourceJournal"),
        help: "journal.pem in the SPIRE server's data_dir, if the database has no journal.")
    var sourceJournal = ""

    @Flag(name: .flag("write"), help: "Take it. Without this flag nothing is changed.")
    var write = false

    @Flag(name: .flag("acceptLosses"), help: "Take it although something cannot be taken.")
    var acceptLosses = false

    enum SourceType: String, ExpressibleByArgument {
        case sqlite3, postgres
    }

    func run() async throws {
        guard !source.isEmpty else {
            throw CommandError(.input, "source flag is required: the SPIRE server's database")
        }
        guard !sourceKeys.isEmpty else {
            throw CommandError(.input, "sourceKeys flag is required: the SPIRE server's key file")
        }
        let loaded = try ServerConfiguration.load(
            path: config, expanding: expandEnv ? ProcessInfo.processInfo.environment : nil)
        let adoption = Adoption(
            source: AdoptionSource(
                database: database, keysPath: sourceKeys, journalPath: sourceJournal.isEmpty ? nil : sourceJournal),
            settings: try ServerSettings(loaded.configuration, version: ComityVersion.current)
        ) { Console.error("\($0)...\n") }
        let plan = try await adoption.plan()
        Console.out(AdoptionText.of(plan))
        guard plan.faults.isEmpty else { throw CommandError(.invalid, "nothing can be taken; see above why") }
        guard plan.isWhole || acceptLosses else {
            throw CommandError(
                .invalid, "not everything can be taken; mend the source, or add -acceptLosses to leave the rest")
        }
        guard write else {
            Console.out("\nNothing was changed. Run again with -write to take it.\n")
            return
        }
        try await adoption.perform(plan)
        Console.out(
            "\nTaken. Start \"comity server run\", and never the SPIRE server again: both have the same keys.\n")
    }

    private var database: SPIRESource {
        switch sourceType {
        case .sqlite3:
            .sqlite(path: source.hasPrefix("file:") ? String(source.dropFirst(5).prefix { $0 != "?" }) : source)
        case .postgres: .postgres(PostgresSettings(connectionString: source))
        }
    }
}
