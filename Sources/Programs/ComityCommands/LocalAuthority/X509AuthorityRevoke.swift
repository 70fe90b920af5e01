// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityClient
import SPIFFE
import ServerAPIProtos
import SwiftProtobuf

/// `server localauthority x509 revoke`
struct X509AuthorityRevoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "Revokes a tainted X.509 authority.")

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var authority: AuthorityFlags

    func run() async throws {
        let id = try authority.id()
        let answer = try await doing("could not revoke X.509 authority") {
            try await server.connect { api in
                try await api.localAuthorities.revokeX509Authority(.with { $0.authorityID = id })
            }
        }
        try output.print(
            .message(["revoked_authority": answer.hasRevokedAuthority ? answer.revokedAuthority.json : nil])
        ) {
            AuthorityText(kind: .x509).one("Revoked", answer.revokedAuthority)
        }
    }
}
