// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityClient
import SPIFFE
import ServerAPIProtos
import SwiftProtobuf

/// `server agent ban`
struct NodesBan: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ban", abstract: "Bans an attested agent; it cannot attest again.")

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var node: NodeFlags

    func run() async throws {
        let id = try node.id()
        try await server.connect { api in _ = try await api.agents.banAgent(.with { $0.id = id }) }
        try output.print([:]) { "Agent banned successfully\n" }
    }
}
