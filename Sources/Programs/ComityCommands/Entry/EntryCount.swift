// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityClient
import SPIFFE
import ServerAPIProtos
import SwiftProtobuf

/// `server entry count`
struct EntryCount: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "count", abstract: "Counts registration entries.")

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var flags: EntryFilterFlags

    func run() async throws {
        let filter = try flags.filter()
        let count = try await server.connect { api in
            try await api.entries.countEntries(
                .with {
                    // The same clauses in a message of another name.
                    if filter.hasBySpiffeID { $0.filter.bySpiffeID = filter.bySpiffeID }
                    if filter.hasByParentID { $0.filter.byParentID = filter.byParentID }
                    if filter.hasBySelectors { $0.filter.bySelectors = filter.bySelectors }
                    if filter.hasByFederatesWith { $0.filter.byFederatesWith = filter.byFederatesWith }
                    if filter.hasByHint { $0.filter.byHint = filter.byHint }
                    if filter.hasByDownstream { $0.filter.byDownstream = filter.byDownstream }
                }
            ).count
        }
        try output.print(.message(["count": .int(count)])) {
            GoText.count(Int(count), "registration entry", "registration entries") + "\n"
        }
    }
}
