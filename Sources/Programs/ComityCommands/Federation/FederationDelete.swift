// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityClient
import GRPCCore
import SPIFFE
import ServerAPIProtos
import SwiftProtobuf

/// `server federation delete`
struct FederationDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Ends the relationship with another trust domain; its bundle stays unless asked.")

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    @Option(name: .flag("id"), help: "SPIFFE ID of the trust domain.")
    var id = ""

    @Flag(name: .flag("deleteBundle"), help: "Delete its bundle too; entries that federate with it go on without.")
    var deletesBundle = false

    func run() async throws {
        guard !id.isEmpty else { throw CommandError(.input, "id is required") }
        let trustDomain = try TrustDomain(argument: id)
        let outcome = try await doing("failed to delete federation relationship") {
            try await server.connect { try await delete(trustDomain, $0) }
        }
        try output.print([outcome.answer.json] + (outcome.deletion.map { [$0.json] } ?? [])) {
            if let failed = outcome.answer.failure {
                throw CommandError(
                    .answer,
                    "failed to delete federation relationship \(failed.trustDomain.quoted): \(failed.status.message)")
            }
            guard let deletion = outcome.deletion else { return "federation relationship deleted.\n" }
            try deletion.check()
            return "federation relationship deleted.\nbundle deleted.\n"
        }
        guard outcome.isBundleKept else { return }
        Console.warn("the bundle of \(trustDomain.name) is kept: workloads that federate with it go on trusting it")
        Console.hint("spire-server bundle delete -id \(trustDomain.id.uri) -mode dissociate")
    }

    private struct Outcome: Sendable {
        var answer: Spire_Api_Server_Trustdomain_V1_BatchDeleteFederationRelationshipResponse
        /// `nil` when it was not tried.
        var deletion: BundleDeletion?
        var isBundleKept = false
    }

    private func delete(_ trustDomain: TrustDomain, _ api: ServerAPI) async throws -> Outcome {
        let answer = try await api.trustDomains.batchDeleteFederationRelationship(
            .with { $0.trustDomains = [trustDomain.name] })
        // While the relationship is there, polling would bring the bundle back.
        guard answer.failure == nil else { return Outcome(answer: answer) }
        guard deletesBundle else {
            return Outcome(answer: answer, isBundleKept: await hasBundle(of: trustDomain, api))
        }
        return Outcome(answer: answer, deletion: try await api.deleteBundle(of: trustDomain, .dissociate))
    }

    /// Said once too often when it cannot be found out.
    private func hasBundle(of trustDomain: TrustDomain, _ api: ServerAPI) async -> Bool {
        do {
            _ = try await api.bundles.getFederatedBundle(
                .with {
                    $0.trustDomain = trustDomain.name
                    $0.outputMask = Spire_Api_Types_BundleMask()
                })
            return true
        } catch {
            return (error as? RPCError)?.code != .notFound
        }
    }
}

extension Spire_Api_Server_Trustdomain_V1_BatchDeleteFederationRelationshipResponse {
    fileprivate var failure: Result? {
        results.first { $0.status.code != 0 }
    }

    fileprivate var json: JSONValue {
        .message([
            "results": .list(results) { .message(["status": $0.status.json, "trust_domain": .string($0.trustDomain)]) }
        ])
    }
}
