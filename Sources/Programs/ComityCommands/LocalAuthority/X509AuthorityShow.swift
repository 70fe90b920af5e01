// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityClient
import SPIFFE
import ServerAPIProtos

/// `server localauthority x509 show`
struct X509AuthorityShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Shows the local X.509 authorities.")

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let answer = try await doing("could not get X.509 authorities") {
            try await server.connect { api in
                try await api.localAuthorities.getX509AuthorityState(
                    Spire_Api_Server_Localauthority_V1_GetX509AuthorityStateRequest())
            }
        }
        let active = answer.hasActive ? answer.active : nil
        let prepared = answer.hasPrepared ? answer.prepared : nil
        let old = answer.hasOld ? answer.old : nil
        try output.print(.message(["active": active?.json, "prepared": prepared?.json, "old": old?.json])) {
            AuthorityText(kind: .x509).all(active: active, prepared: prepared, old: old)
        }
    }
}
