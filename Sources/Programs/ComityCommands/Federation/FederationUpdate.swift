// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityClient
import ServerAPIProtos
import SwiftProtobuf

/// `server federation update`
struct FederationUpdate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "update", abstract: "Updates relationships with other trust domains.")

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var flags: FederationFlags

    func run() async throws {
        let relationships = try flags.relationships()
        let results = try await doing("failed to update federation relationships") {
            try await server.connect { api in
                try await api.trustDomains.batchUpdateFederationRelationship(
                    .with { $0.federationRelationships = relationships }
                ).results
            }
        }
        let outcomes = zip(results, relationships).map { result, sent in
            FederationOutcomes.Outcome(
                status: result.status,
                relationship: result.hasFederationRelationship ? result.federationRelationship : sent)
        }
        try FederationOutcomes(verb: "update", outcomes: outcomes).print(to: output)
    }
}
