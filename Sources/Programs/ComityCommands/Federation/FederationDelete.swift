// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityClient
import SPIFFE
import ServerAPIProtos
import SwiftProtobuf

/// `server federation delete`
struct FederationDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Ends the relationship with another trust domain; its bundle stays.")

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    @Option(name: .flag("id"), help: "SPIFFE ID of the trust domain.")
    var id = ""

    func run() async throws {
        guard !id.isEmpty else { throw CommandError(.input, "id is required") }
        let trustDomain = try TrustDomain(argument: id)
        let results = try await doing("failed to delete federation relationship") {
            try await server.connect { api in
                try await api.trustDomains.batchDeleteFederationRelationship(
                    .with { $0.trustDomains = [trustDomain.name] }
                ).results
            }
        }
        let json = JSONValue.message([
            "results": .list(results) { .message(["status": $0.status.json, "trust_domain": .string($0.trustDomain)]) }
        ])
        try output.print(json) {
            if let failed = results.first(where: { $0.status.code != 0 }) {
                throw CommandError(
                    .answer,
                    "failed to delete federation relationship \(failed.trustDomain.quoted): \(failed.status.message)")
            }
            return "federation relationship deleted.\n"
        }
    }
}
