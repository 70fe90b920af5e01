// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityClient
import FoundationEssentials
import SPIFFE
import ServerAPIProtos
import SwiftProtobuf

/// `server jwt mint`
struct JWTMint: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "mint", abstract: "Mints a JWT-SVID.")

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    @Option(name: .flag("spiffeID"), help: "SPIFFE ID of the JWT-SVID.")
    var spiffeID = ""

    @Option(name: .flag("audience"), help: "Audience claim of the SVID. Can be used more than once.")
    var audience: [String] = []

    @Option(name: .flag("ttl"), help: "TTL of the JWT-SVID, such as 5m.")
    var ttl = DurationArgument(.zero)

    @Option(name: .flag("write"), help: "File to write the token to instead of stdout.")
    var write = ""

    func run() async throws {
        guard !spiffeID.isEmpty else { throw CommandError(.input, "spiffeID must be specified") }
        guard !audience.isEmpty else { throw CommandError(.input, "at least one audience must be specified") }
        let id = try Spire_Api_Types_SPIFFEID(argument: spiffeID)
        try MintLifetime.check(ttl.value)
        let svid = try await doing("unable to mint SVID") {
            try await server.connect { api in
                try await api.svids.mintJWTSVID(
                    .with {
                        $0.id = id
                        $0.audience = audience
                        $0.ttl = ttl.seconds
                    }
                ).svid
            }
        }
        guard !svid.token.isEmpty else { throw CommandError(.answer, "server response missing token") }
        if let warning = MintLifetime.warning("JWT-SVID", expiresAt: svid.expiresAt, asked: ttl.value, at: Date()) {
            Console.error(warning)
        }
        guard write.isEmpty else {
            try OutputFile.write(svid.token, to: write, for: .owner)
            Console.out("JWT-SVID written to \(write)\n")
            return
        }
        try output.print(svid.json) { "\(svid.token)\n" }
    }
}

extension Spire_Api_Types_JWTSVID {
    /// The answer that carries it.
    var json: JSONValue {
        .message([
            "svid": .message([
                "token": .string(token), "id": hasID ? id.json : nil, "expires_at": .long(expiresAt),
                "issued_at": .long(issuedAt), "hint": .string(hint),
            ])
        ])
    }
}
