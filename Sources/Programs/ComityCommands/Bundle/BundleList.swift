// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityClient
import SPIFFE
import ServerAPIProtos
import SwiftProtobuf

/// `server bundle list`
struct BundleList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists the bundles of other trust domains.")

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    @Option(name: .flag("id"), help: "SPIFFE ID of the trust domain whose bundle is shown; all when left out.")
    var id = ""

    @Option(name: .flag("format"), help: "The format to list bundles in: pem or spiffe.")
    var format = "pem"

    func run() async throws {
        let format = try BundleFormat(argument: format)
        guard id.isEmpty else { return try await show(TrustDomain(argument: id), as: format) }
        let answer = try await server.connect {
            try await $0.bundles.listFederatedBundles(Spire_Api_Server_Bundle_V1_ListFederatedBundlesRequest())
        }
        let json = JSONValue.message([
            "bundles": .list(answer.bundles, \.json), "next_page_token": .string(answer.nextPageToken),
        ])
        try output.print(json) { try BundleText.list(answer.bundles, format: format) }
    }

    private func show(_ trustDomain: TrustDomain, as format: BundleFormat) async throws {
        let bundle = try await server.connect {
            try await $0.bundles.getFederatedBundle(.with { $0.trustDomain = trustDomain.name })
        }
        try output.print(bundle.json) { try BundleText.bundle(bundle, format: format) }
    }
}
