// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityClient
import SPIFFE
import ServerAPIProtos
import SwiftProtobuf

/// `server entry delete`
struct EntryDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "delete", abstract: "Deletes registration entries.")

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    @Option(name: .flag("entryID"), help: "The entry ID of the record to delete.")
    var entryID = ""

    @Option(name: .flag("file"), help: "Path to a file with entry IDs in JSON; - is standard input.")
    var file = ""

    func run() async throws {
        let ids = try readIDs()
        let results = try await server.connect { api in
            try await api.entries.batchDeleteEntry(.with { $0.ids = ids }).results
        }
        let json = JSONValue.message([
            "results": .list(results) { .message(["status": $0.status.json, "id": .string($0.id)]) }
        ])
        try output.print(json) {
            let deletion = EntryDeletion(results: results)
            Console.out(deletion.succeeded)
            Console.error(deletion.failed)
            guard !deletion.failed.isEmpty else { return deletion.summary }
            Console.out(deletion.summary)
            throw CommandError(.failedItems, "failed to delete one or more entries")
        }
    }

    private func readIDs() throws -> [String] {
        guard entryID.isEmpty || file.isEmpty else {
            throw CommandError(.input, "-entryID and -file can't be combined")
        }
        if !entryID.isEmpty { return [entryID] }
        guard !file.isEmpty else { throw CommandError(.input, "one of entryID or file is required") }
        let ids = try JSONReader(try InputFile.read(file), name: "data", members: ["ids"]).texts("ids")
        guard !ids.isEmpty else {
            throw CommandError(.input, "there are no entry IDs in the data: it needs an \"ids\" list")
        }
        return ids
    }
}
