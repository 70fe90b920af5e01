// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityClient
import ServerAPIProtos
import SwiftProtobuf

/// `server federation create`
struct FederationCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Creates relationships with other trust domains.")

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var flags: FederationFlags

    func run() async throws {
        let relationships = try flags.relationships()
        let results = try await doing("failed to create federation relationships") {
            try await server.connect { api in
                try await api.trustDomains.batchCreateFederationRelationship(
                    .with { $0.federationRelationships = relationships }
                ).results
            }
        }
        let outcomes = zip(results, relationships).map { result, sent in
            FederationOutcomes.Outcome(
                status: result.status,
                relationship: result.hasFederationRelationship ? result.federationRelationship : sent)
        }
        try FederationOutcomes(verb: "create", outcomes: outcomes).print(to: output)
    }
}
