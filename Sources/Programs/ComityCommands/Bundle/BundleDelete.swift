// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityClient
import SPIFFE
import ServerAPIProtos

/// `server bundle delete`
struct BundleDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Deletes the bundle of another trust domain.")

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    @Option(name: .flag("id"), help: "SPIFFE ID of the trust domain.")
    var id = ""

    @Option(
        name: .flag("mode"),
        help: "What happens to entries that federate with it: restrict (refuse), delete or dissociate.")
    var mode = "restrict"

    func run() async throws {
        guard !id.isEmpty else { throw CommandError(.input, "id is required") }
        let mode = try parseMode()
        let trustDomain = try TrustDomain(argument: id)
        let answer = try await doing("failed to delete federated bundle") {
            try await server.connect { try await $0.deleteBundle(of: trustDomain, mode) }
        }
        try output.print(answer.json) {
            try answer.check()
            return "bundle deleted.\n"
        }
    }

    private func parseMode() throws -> Spire_Api_Server_Bundle_V1_BatchDeleteFederatedBundleRequest.Mode {
        switch mode {
        case "restrict": .restrict
        case "delete": .delete
        case "dissociate": .dissociate
        default: throw CommandError(.input, "unsupported mode \(mode.quoted)")
        }
    }
}
