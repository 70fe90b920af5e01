// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityClient
import ServerAPIProtos
import SwiftProtobuf

/// `server entry update`
struct EntryUpdate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "update", abstract: "Updates registration entries.")

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var flags: EntryFlags

    @Option(name: .flag("data"), help: "Path to a file with entries in JSON; - is standard input.")
    var data = ""

    func run() async throws {
        let given = try readEntries()
        let outcomes = try await server.connect { api in
            let entries = data.isEmpty ? try await keepingAttributes(given, api) : given
            let results = try await api.entries.batchUpdateEntry(.with { $0.entries = entries }).results
            let outcomes = zip(results, entries).map { result, sent in
                EntryOutcomes.Outcome(status: result.status, entry: result.hasEntry ? result.entry : sent)
            }
            await MissingBundleAdvice(outcomes).give(api)
            return outcomes
        }
        try EntryOutcomes(verb: "update", outcomes: outcomes).print(to: output)
    }

    private func readEntries() throws -> [Spire_Api_Types_Entry] {
        guard data.isEmpty else { return try EntryFile.read(data) }
        guard !flags.entryID.isEmpty else { throw CommandError(.input, "entry ID is required") }
        return [try flags.entry()]
    }

    /// An update replaces the additional attributes as a whole, so those that no flag names are read first.
    private func keepingAttributes(
        _ entries: [Spire_Api_Types_Entry], _ api: ServerAPI
    ) async throws -> [Spire_Api_Types_Entry] {
        guard flags.disableX509SVIDPrefetch == nil || flags.jwtSVIDIncludeJTI == nil, var entry = entries.first else {
            return entries
        }
        let id = entry.id
        guard let stored = try? await api.entries.getEntry(.with { $0.id = id }), stored.hasAdditionalAttributes else {
            // What is wrong with the entry is told by the update itself.
            return entries
        }
        if flags.disableX509SVIDPrefetch == nil {
            entry.additionalAttributes.disableX509SvidPrefetch = stored.additionalAttributes.disableX509SvidPrefetch
        }
        if flags.jwtSVIDIncludeJTI == nil {
            entry.additionalAttributes.jwtSvidIncludeJti = stored.additionalAttributes.jwtSvidIncludeJti
        }
        return [entry]
    }
}
