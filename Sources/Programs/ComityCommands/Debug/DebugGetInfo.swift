// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityClient
import ComityTelemetry
import SPIFFE
import ServerAPIProtos

/// `server debug getinfo`
struct DebugGetInfo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "getinfo", abstract: "Shows the server's SVID and what it holds.")

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let info = try await doing("failed to get debug information") {
            try await server.connect { try await $0.debug.getInfo(Spire_Api_Server_Debug_V1_GetInfoRequest()) }
        }
        let chain = info.svidChain.map {
            DebugCertificate(id: $0.hasID ? $0.id : nil, expiresAt: $0.expiresAt, subject: $0.subject)
        }
        let json = JSONValue.message([
            "svid_chain": .list(chain, \.json), "uptime": .int(info.uptime), "agents_count": .int(info.agentsCount),
            "entries_count": .int(info.entriesCount), "federated_bundles_count": .int(info.federatedBundlesCount),
        ])
        try output.print(json) {
            """
            Server Debug Info:
              Uptime               : \(Duration.seconds(Int64(info.uptime)).goText)
              Registered Agents    : \(info.agentsCount)
              Registration Entries : \(info.entriesCount)
              Federated Bundles    : \(info.federatedBundlesCount)
              SVID Chain           :
            \(DebugCertificate.text(of: chain))
            """
        }
    }
}
