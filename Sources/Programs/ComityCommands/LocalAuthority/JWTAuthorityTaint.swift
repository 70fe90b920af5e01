// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityClient
import SPIFFE
import ServerAPIProtos
import SwiftProtobuf

/// `server localauthority jwt taint`
struct JWTAuthorityTaint: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "taint", abstract: "Marks an old JWT authority as tainted.")

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var authority: AuthorityFlags

    func run() async throws {
        let id = try authority.id()
        let answer = try await doing("could not taint JWT authority") {
            try await server.connect { api in
                try await api.localAuthorities.taintJWTAuthority(.with { $0.authorityID = id })
            }
        }
        try output.print(
            .message(["tainted_authority": answer.hasTaintedAuthority ? answer.taintedAuthority.json : nil])
        ) {
            AuthorityText(kind: .jwt).one("Tainted", answer.taintedAuthority)
        }
    }
}
