// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityClient
import SPIFFE
import ServerAPIProtos
import SwiftProtobuf

/// `server localauthority jwt activate`
struct JWTAuthorityActivate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "activate", abstract: "Activates a prepared JWT authority: it signs from now on.")

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var authority: AuthorityFlags

    func run() async throws {
        let id = try authority.id()
        let answer = try await doing("could not activate JWT authority") {
            try await server.connect { api in
                try await api.localAuthorities.activateJWTAuthority(.with { $0.authorityID = id })
            }
        }
        try output.print(
            .message(["activated_authority": answer.hasActivatedAuthority ? answer.activatedAuthority.json : nil])
        ) {
            AuthorityText(kind: .jwt).one("Activated", answer.activatedAuthority)
        }
    }
}
