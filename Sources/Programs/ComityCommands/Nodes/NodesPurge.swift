// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityClient
import Foundation
import GRPCCore
import SPIFFE
import ServerAPIProtos
import SwiftProtobuf

/// `server agent purge`
struct NodesPurge: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "purge", abstract: "Evicts agents whose SVID ended long ago and that can attest anew.")

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    @Option(name: .flag("expiredFor"), help: "How long ago the SVID of an agent must have ended.")
    var expiredFor = DurationArgument(.seconds(720 * 3600))

    @Flag(name: .flag("dryRun"), help: "Only list the agents that would be evicted.")
    var isDryRun = false

    func run() async throws {
        guard expiredFor.value >= .zero else { throw CommandError(.input, "expiredFor must not be negative") }
        let limit = Date(timeIntervalSinceNow: -(expiredFor.value / .seconds(1)))
        let purged = try await doing("failed to purge agents") {
            try await server.connect { api in
                var filter = Spire_Api_Server_Agent_V1_ListAgentsRequest.Filter()
                filter.byCanReattest = true
                // Eviction would lift the ban.
                filter.byBanned = false
                let agents = try await NodesList.list(filter, api)
                var purged: [PurgedNode] = []
                for agent in agents where Date(timeIntervalSince1970: Double(agent.x509SvidExpiresAt)) < limit {
                    purged.append(isDryRun ? PurgedNode(id: agent.id) : await Self.evict(agent.id, api))
                }
                return purged
            }
        }
        try output.print(.message(["expired_agents": .list(purged, \.json)])) {
            PurgedNode.text(of: purged, isDryRun: isDryRun)
        }
    }

    /// One that cannot be evicted must not keep the others.
    private static func evict(_ id: Spire_Api_Types_SPIFFEID, _ api: ServerAPI) async -> PurgedNode {
        do {
            _ = try await api.agents.deleteAgent(.with { $0.id = id })
            return PurgedNode(id: id, isDeleted: true)
        } catch {
            return PurgedNode(id: id, error: CommandError.text(of: error))
        }
    }
}
