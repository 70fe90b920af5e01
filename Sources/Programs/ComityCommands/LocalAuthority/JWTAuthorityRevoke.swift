// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityClient
import SPIFFE
import ServerAPIProtos
import SwiftProtobuf

/// `server localauthority jwt revoke`
struct JWTAuthorityRevoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "Revokes a tainted JWT authority.")

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var authority: AuthorityFlags

    func run() async throws {
        let id = try authority.id()
        let answer = try await doing("could not revoke JWT authority") {
            try await server.connect { api in
                try await api.localAuthorities.revokeJWTAuthority(.with { $0.authorityID = id })
            }
        }
        try output.print(
            .message(["revoked_authority": answer.hasRevokedAuthority ? answer.revokedAuthority.json : nil])
        ) {
            AuthorityText(kind: .jwt).one("Revoked", answer.revokedAuthority)
        }
    }
}
