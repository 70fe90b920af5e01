// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityClient
import SPIFFE
import ServerAPIProtos
import SwiftProtobuf

/// `server upstreamauthority taint`
struct UpstreamAuthorityTaint: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "taint", abstract: "Marks the X.509 authority above an old authority as tainted.")

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var authority: UpstreamAuthorityFlags

    func run() async throws {
        let id = try authority.id()
        let answer = try await doing("could not taint X.509 upstream authority") {
            try await server.connect { api in
                try await api.localAuthorities.taintX509UpstreamAuthority(.with { $0.subjectKeyID = id })
            }
        }
        let keyID = answer.upstreamAuthoritySubjectKeyID
        try output.print(.message(["upstream_authority_subject_key_id": .string(keyID)])) {
            UpstreamAuthorityText.one("Tainted", keyID: keyID)
        }
    }
}
