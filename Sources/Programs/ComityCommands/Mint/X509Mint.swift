// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityClient
import FoundationEssentials
import SPIFFE
import ServerAPIProtos
import SwiftProtobuf

/// `server x509 mint`
struct X509Mint: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "mint", abstract: "Mints an X509-SVID.")

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    @Option(name: .flag("spiffeID"), help: "SPIFFE ID of the X509-SVID.")
    var spiffeID = ""

    @Option(name: .flag("dns"), help: "DNS name that will be included in the SVID. Can be used more than once.")
    var dns: [String] = []

    @Option(name: .flag("ttl"), help: "TTL of the X509-SVID, such as 1h.")
    var ttl = DurationArgument(.zero)

    @Option(name: .flag("write"), help: "Directory to write to instead of stdout.")
    var write = ""

    func run() async throws {
        guard !spiffeID.isEmpty else { throw CommandError(.input, "spiffeID must be specified") }
        let request = try MintRequest(for: try SPIFFEID(argument: spiffeID), dnsNames: dns)
        try MintLifetime.check(ttl.value)
        let (svid, bundle) = try await server.connect { api in
            let answer = try await doing("unable to mint SVID") {
                try await api.svids.mintX509SVID(
                    .with {
                        $0.csr = request.csr
                        $0.ttl = ttl.seconds
                    })
            }
            let bundle = try await doing("unable to get bundle") {
                try await api.bundles.getBundle(Spire_Api_Server_Bundle_V1_GetBundleRequest())
            }
            return (answer.svid, bundle)
        }
        guard !svid.certChain.isEmpty else { throw CommandError(.answer, "server response missing SVID chain") }
        guard !bundle.x509Authorities.isEmpty else {
            throw CommandError(.answer, "server response missing X509 Authorities")
        }
        if let warning = MintLifetime.warning(
            "X509-SVID", expiresAt: svid.expiresAt, asked: ttl.value, at: Date())
        {
            Console.error(warning)
        }
        let minted = MintedX509SVID(
            certificates: svid.certChain, privateKey: request.privateKey,
            authorities: bundle.x509Authorities.map(\.asn1))
        guard write.isEmpty else { return try minted.write(to: write) }
        // SPIRE's answer is a list of one, unlike those that are messages.
        try output.print(.array([minted.json])) { minted.text }
    }
}
