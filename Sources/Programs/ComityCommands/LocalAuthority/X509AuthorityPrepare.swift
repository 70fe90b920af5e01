// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityClient
import SPIFFE
import ServerAPIProtos

/// `server localauthority x509 prepare`
struct X509AuthorityPrepare: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prepare", abstract: "Prepares a new X.509 authority for use by generating a new key.")

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let answer = try await doing("could not prepare X.509 authority") {
            try await server.connect { api in
                try await api.localAuthorities.prepareX509Authority(
                    Spire_Api_Server_Localauthority_V1_PrepareX509AuthorityRequest())
            }
        }
        try output.print(
            .message(["prepared_authority": answer.hasPreparedAuthority ? answer.preparedAuthority.json : nil])
        ) {
            AuthorityText(kind: .x509).one("Prepared", answer.preparedAuthority)
        }
    }
}
