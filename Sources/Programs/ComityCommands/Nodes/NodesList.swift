// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityClient
import SPIFFE
import ServerAPIProtos

/// `server agent list`
struct NodesList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists attested agents.")

    private static let pageSize: Int32 = 1000

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var flags: NodeFilterFlags

    func run() async throws {
        let filter = try flags.filter()
        let agents = try await server.connect { try await Self.list(filter, $0) }
        try output.print(.message(["agents": .list(agents, \.json), "next_page_token": ""])) { NodeText.list(agents) }
    }

    static func list(
        _ filter: Spire_Api_Server_Agent_V1_ListAgentsRequest.Filter, _ api: ServerAPI
    ) async throws -> [Spire_Api_Types_Agent] {
        var request = Spire_Api_Server_Agent_V1_ListAgentsRequest()
        request.filter = filter
        request.pageSize = pageSize
        var agents: [Spire_Api_Types_Agent] = []
        repeat {
            let page = try await api.agents.listAgents(request)
            agents += page.agents
            request.pageToken = page.nextPageToken
        } while !request.pageToken.isEmpty
        return agents
    }
}
