// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityClient
import GRPCCore
import SPIFFE
import ServerAPIProtos
import SwiftProtobuf

/// `server federation refresh`
struct FederationRefresh: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "refresh", abstract: "Fetches the bundle of another trust domain now.")

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    @Option(name: .flag("id"), help: "SPIFFE ID of the trust domain.")
    var id = ""

    func run() async throws {
        guard !id.isEmpty else { throw CommandError(.input, "id is required") }
        let trustDomain = try TrustDomain(argument: id)
        do {
            try await server.connect { api in
                _ = try await api.trustDomains.refreshBundle(.with { $0.trustDomain = trustDomain.name })
            }
        } catch let error as RPCError where error.code == .notFound {
            throw CommandError(.answer, "there is no federation relationship with trust domain \(id.quoted)")
        } catch let error as RPCError {
            throw CommandError(.answer, "failed to refresh bundle", cause: error)
        }
        try output.print(.message(["code": .int(0), "message": "OK"])) { "Bundle refreshed\n" }
    }
}
