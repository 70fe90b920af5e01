// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityClient
import GRPCCore
import SPIFFE
import ServerAPIProtos
import SwiftProtobuf

/// `server federation show`
struct FederationShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Shows the relationship with another trust domain.")

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    @Option(name: .flag("trustDomain"), help: "Name of the trust domain.")
    var trustDomain = ""

    func run() async throws {
        guard !trustDomain.isEmpty else { throw CommandError(.input, "a trust domain name is required") }
        let name = try TrustDomain(argument: trustDomain).name
        let (relationship, statuses) = try await server.connect { api in
            (try await Self.fetch(name, api), await FederationStatuses(api))
        }
        guard let relationship = relationship ?? statuses.configuredRelationship(with: name) else {
            throw CommandError(
                .answer, "error showing federation relationship",
                cause: RPCError(code: .notFound, message: "federation relationship does not exist"))
        }
        try output.print(relationship.json) {
            "Found a federation relationship with trust domain \(name):\n\n" + FederationText.block(relationship)
                + statuses.lines(of: name)
        }
    }

    /// `nil` when the server has none that its API tells of.
    private static func fetch(
        _ name: String, _ api: ServerAPI
    ) async throws -> Spire_Api_Types_FederationRelationship? {
        do {
            return try await api.trustDomains.getFederationRelationship(.with { $0.trustDomain = name })
        } catch let error as RPCError where error.code == .notFound {
            return nil
        } catch {
            throw CommandError(.answer, "error showing federation relationship", cause: error)
        }
    }
}
