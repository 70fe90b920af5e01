// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityClient
import SPIFFE
import ServerAPIProtos
import SwiftProtobuf

/// `server agent evict`
struct NodesEvict: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evict", abstract: "Evicts an attested agent; it may attest anew.")

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var node: NodeFlags

    func run() async throws {
        let id = try node.id()
        try await server.connect { api in _ = try await api.agents.deleteAgent(.with { $0.id = id }) }
        try output.print([:]) { "Agent evicted successfully\n" }
    }
}
