// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityClient
import SPIFFE
import ServerAPIProtos
import SwiftProtobuf

/// `server localauthority x509 taint`
struct X509AuthorityTaint: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "taint", abstract: "Marks an old X.509 authority as tainted.")

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var authority: AuthorityFlags

    func run() async throws {
        let id = try authority.id()
        let answer = try await doing("could not taint X.509 authority") {
            try await server.connect { api in
                try await api.localAuthorities.taintX509Authority(.with { $0.authorityID = id })
            }
        }
        try output.print(
            .message(["tainted_authority": answer.hasTaintedAuthority ? answer.taintedAuthority.json : nil])
        ) {
            AuthorityText(kind: .x509).one("Tainted", answer.taintedAuthority)
        }
    }
}
