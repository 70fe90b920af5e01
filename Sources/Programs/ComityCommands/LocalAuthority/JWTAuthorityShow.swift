// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityClient
import SPIFFE
import ServerAPIProtos

/// `server localauthority jwt show`
struct JWTAuthorityShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Shows the local JWT authorities.")

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let answer = try await doing("could not get JWT authorities") {
            try await server.connect { api in
                try await api.localAuthorities.getJWTAuthorityState(
                    Spire_Api_Server_Localauthority_V1_GetJWTAuthorityStateRequest())
            }
        }
        let active = answer.hasActive ? answer.active : nil
        let prepared = answer.hasPrepared ? answer.prepared : nil
        let old = answer.hasOld ? answer.old : nil
        try output.print(.message(["active": active?.json, "prepared": prepared?.json, "old": old?.json])) {
            AuthorityText(kind: .jwt).all(active: active, prepared: prepared, old: old)
        }
    }
}
