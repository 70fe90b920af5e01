// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityClient
import SPIFFE
import ServerAPIProtos
import SwiftProtobuf

/// `server upstreamauthority revoke`
struct UpstreamAuthorityRevoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "Revokes a tainted X.509 authority above an old authority.")

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var authority: UpstreamAuthorityFlags

    func run() async throws {
        let id = try authority.id()
        let answer = try await doing("could not revoke X.509 upstream authority") {
            try await server.connect { api in
                try await api.localAuthorities.revokeX509UpstreamAuthority(.with { $0.subjectKeyID = id })
            }
        }
        let keyID = answer.upstreamAuthoritySubjectKeyID
        try output.print(.message(["upstream_authority_subject_key_id": .string(keyID)])) {
            UpstreamAuthorityText.one("Revoked", keyID: keyID)
        }
    }
}
