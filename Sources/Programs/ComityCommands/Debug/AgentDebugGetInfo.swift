// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityClient
import ComityTelemetry
import SPIFFE
import ServerAPIProtos

/// `agent debug getinfo`
struct AgentDebugGetInfo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "getinfo", abstract: "Shows the agent's SVID and what it holds.")

    @OptionGroup var agent: AgentAdminOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let info = try await doing("failed to get debug information") {
            try await agent.connect { try await $0.debug.getInfo(Spire_Agent_Debug_V1_GetInfoRequest()) }
        }
        let chain = info.svidChain.map {
            DebugCertificate(id: $0.hasID ? $0.id : nil, expiresAt: $0.expiresAt, subject: $0.subject)
        }
        let json = JSONValue.message([
            "svid_chain": .list(chain, \.json), "uptime": .int(info.uptime), "svids_count": .int(info.svidsCount),
            "last_sync_success": .long(info.lastSyncSuccess),
            "cached_x509_svids_count": .int(info.cachedX509SvidsCount),
            "cached_jwt_svids_count": .int(info.cachedJwtSvidsCount),
            "cached_svidstore_x509_svids_count": .int(info.cachedSvidstoreX509SvidsCount),
        ])
        try output.print(json) {
            """
            Agent Debug Info:
              Uptime               : \(Duration.seconds(Int64(info.uptime)).goText)
              Last Sync Success    : \(info.lastSyncSuccess == 0 ? "never" : GoTime.utc(info.lastSyncSuccess))
              Cached X.509 SVIDs   : \(info.cachedX509SvidsCount)
              Cached JWT SVIDs     : \(info.cachedJwtSvidsCount)
              Stored X.509 SVIDs   : \(info.cachedSvidstoreX509SvidsCount)
              SVID Chain           :
            \(DebugCertificate.text(of: chain))
            """
        }
    }
}
