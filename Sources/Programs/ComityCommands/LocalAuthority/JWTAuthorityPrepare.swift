// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityClient
import SPIFFE
import ServerAPIProtos

/// `server localauthority jwt prepare`
struct JWTAuthorityPrepare: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prepare", abstract: "Prepares a new JWT authority for use by generating a new key.")

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let answer = try await doing("could not prepare JWT authority") {
            try await server.connect { api in
                try await api.localAuthorities.prepareJWTAuthority(
                    Spire_Api_Server_Localauthority_V1_PrepareJWTAuthorityRequest())
            }
        }
        try output.print(
            .message(["prepared_authority": answer.hasPreparedAuthority ? answer.preparedAuthority.json : nil])
        ) {
            AuthorityText(kind: .jwt).one("Prepared", answer.preparedAuthority)
        }
    }
}
