// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityClient
import SPIFFE
import ServerAPIProtos
import SwiftProtobuf

/// `server agent count`
struct NodesCount: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "count", abstract: "Counts attested agents.")

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var flags: NodeFilterFlags

    func run() async throws {
        let filter = try flags.filter()
        let count = try await server.connect { api in
            try await api.agents.countAgents(
                .with {
                    // The same clauses in a message of another name.
                    if filter.hasBySelectorMatch { $0.filter.bySelectorMatch = filter.bySelectorMatch }
                    if filter.hasByCanReattest { $0.filter.byCanReattest = filter.byCanReattest }
                    if filter.hasByBanned { $0.filter.byBanned = filter.byBanned }
                    $0.filter.byAttestationType = filter.byAttestationType
                    $0.filter.byExpiresBefore = filter.byExpiresBefore
                }
            ).count
        }
        try output.print(.message(["count": .int(count)])) {
            GoText.count(Int(count), "attested agent", "attested agents") + "\n"
        }
    }
}
