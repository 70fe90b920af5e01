// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityClient
import SPIFFE
import ServerAPIProtos

/// `server federation list`
struct FederationList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists the relationships with other trust domains.")

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let (answer, statuses) = try await server.connect { api in
            let answer = try await doing("error listing federation relationships") {
                try await api.trustDomains.listFederationRelationships(
                    Spire_Api_Server_Trustdomain_V1_ListFederationRelationshipsRequest())
            }
            return (answer, await FederationStatuses(api))
        }
        let json = JSONValue.message([
            "federation_relationships": .list(answer.federationRelationships, \.json),
            "next_page_token": .string(answer.nextPageToken),
        ])
        try output.print(json) { Self.text(answer.federationRelationships, statuses) }
    }

    static func text(
        _ relationships: [Spire_Api_Types_FederationRelationship], _ statuses: FederationStatuses
    ) -> String {
        let configured = statuses.configured(besides: relationships)
        var text = "Found " + count(relationships.count, "federation") + "\n"
        for relationship in relationships {
            text += "\n" + FederationText.block(relationship) + statuses.lines(of: relationship.trustDomain)
        }
        guard !configured.isEmpty else { return text }
        text += "\nThe configuration file has " + count(configured.count, "federation") + "\n"
        for relationship in configured {
            text += "\n" + FederationText.block(relationship) + statuses.lines(of: relationship.trustDomain)
        }
        return text
    }

    private static func count(_ count: Int, _ kind: String) -> String {
        GoText.count(count, "\(kind) relationship", "\(kind) relationships")
    }
}
