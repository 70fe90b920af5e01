// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityClient
import SPIFFE
import ServerAPIProtos

/// `server bundle count`
struct BundleCount: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "count", abstract: "Counts bundles.")

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let count = try await server.connect {
            try await $0.bundles.countBundles(Spire_Api_Server_Bundle_V1_CountBundlesRequest()).count
        }
        try output.print(.message(["count": .int(count)])) { GoText.count(Int(count), "bundle", "bundles") + "\n" }
    }
}
