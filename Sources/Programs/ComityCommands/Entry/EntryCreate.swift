// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityClient
import ServerAPIProtos
import SwiftProtobuf

/// `server entry create`
struct EntryCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "create", abstract: "Creates registration entries.")

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var flags: EntryFlags

    @Flag(name: .flag("node"), help: "The entry is for nodes that match the selectors.")
    var node = false

    @Option(name: .flag("data"), help: "Path to a file with entries in JSON; - is standard input.")
    var data = ""

    func run() async throws {
        let entries = data.isEmpty ? [try flags.entry(isNode: node)] : try EntryFile.read(data)
        let outcomes = try await server.connect { api in
            let results = try await api.entries.batchCreateEntry(.with { $0.entries = entries }).results
            let outcomes = zip(results, entries).map { result, sent in
                EntryOutcomes.Outcome(status: result.status, entry: result.hasEntry ? result.entry : sent)
            }
            await MissingBundleAdvice(outcomes).give(api)
            return outcomes
        }
        try EntryOutcomes(verb: "create", outcomes: outcomes).print(to: output)
    }
}
