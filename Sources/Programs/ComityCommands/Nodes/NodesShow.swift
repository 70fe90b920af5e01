// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityClient
import SPIFFE
import ServerAPIProtos
import SwiftProtobuf

/// `server agent show`
struct NodesShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Shows the details of an attested agent.")

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var node: NodeFlags

    func run() async throws {
        let id = try node.id()
        let agent = try await server.connect { api in try await api.agents.getAgent(.with { $0.id = id }) }
        try output.print(agent.json) { NodeText.details(agent) }
    }
}
