// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityClient
import SPIFFE
import ServerAPIProtos

/// `server bundle show`
struct BundleShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Prints the server's own bundle to stdout.")

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    @Option(name: .flag("format"), help: "The format to show the bundle in: pem or spiffe.")
    var format = "pem"

    func run() async throws {
        let format = try BundleFormat(argument: format)
        let bundle = try await server.connect {
            try await $0.bundles.getBundle(Spire_Api_Server_Bundle_V1_GetBundleRequest())
        }
        try output.print(bundle.json) { try BundleText.bundle(bundle, format: format) }
    }
}
