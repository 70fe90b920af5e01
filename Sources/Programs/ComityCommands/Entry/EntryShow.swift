// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityClient
import SPIFFE
import ServerAPIProtos
import SwiftProtobuf

/// `server entry show`
struct EntryShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Displays registration entries.")

    private static let pageSize: Int32 = 500

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var flags: EntryFilterFlags

    @Option(name: .flag("entryID"), help: "The entry ID of the record to show.")
    var entryID = ""

    func run() async throws {
        guard entryID.isEmpty || flags.isEmpty else {
            throw CommandError(.input, "the -entryID flag can't be combined with others")
        }
        let filter = try flags.filter()
        var entries = try await doing("error fetching \(entryID.isEmpty ? "entries" : "entry ID \(entryID)")") {
            try await server.connect { api in
                entryID.isEmpty
                    ? try await Self.list(filter, api) : [try await api.entries.getEntry(.with { $0.id = entryID })]
            }
        }
        entries.sort(by: Self.precedes)
        let json = JSONValue.message(["entries": .list(entries, \.json), "next_page_token": ""])
        try output.print(json) { EntryText.list(entries) }
    }

    private static func list(
        _ filter: Spire_Api_Server_Entry_V1_ListEntriesRequest.Filter, _ api: ServerAPI
    ) async throws -> [Spire_Api_Types_Entry] {
        var request = Spire_Api_Server_Entry_V1_ListEntriesRequest()
        request.filter = filter
        request.pageSize = pageSize
        var entries: [Spire_Api_Types_Entry] = []
        repeat {
            let call = request
            let page = try await api.entries.listEntries(call)
            entries += page.entries
            request.pageToken = page.nextPageToken
        } while !request.pageToken.isEmpty
        return entries
    }

    /// By SPIFFE ID, then parent, then selectors: the same entries always read the same.
    private static func precedes(_ left: Spire_Api_Types_Entry, _ right: Spire_Api_Types_Entry) -> Bool {
        key(left).lexicographicallyPrecedes(key(right))
    }

    private static func key(_ entry: Spire_Api_Types_Entry) -> [String] {
        [entry.spiffeID.text, entry.parentID.text] + entry.selectors.flatMap { [$0.type, $0.value] } + [entry.id]
    }
}
