// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityClient
import SPIFFE
import ServerAPIProtos

/// `server token generate`
struct TokenGenerate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "generate", abstract: "Generates a join token.")

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    @Option(name: .flag("ttl"), help: "Token TTL in seconds.")
    var ttl: Int32 = 600

    @Option(name: .flag("spiffeID"), help: "Additional SPIFFE ID to assign the token owner (optional).")
    var spiffeID = ""

    func run() async throws {
        var request = Spire_Api_Server_Agent_V1_CreateJoinTokenRequest()
        request.ttl = ttl
        if !spiffeID.isEmpty { request.agentID = try Spire_Api_Types_SPIFFEID(argument: spiffeID) }
        let call = request
        let token = try await server.connect { try await $0.agents.createJoinToken(call) }
        try output.print(token.json) {
            "Token: \(token.value)\n" + (spiffeID.isEmpty ? "Warning: Missing SPIFFE ID.\n\n" : "")
        }
    }
}
