// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityClient
import ComityRegistry
import ComityWire
import SPIFFE
import ServerAPIProtos
import SwiftProtobuf

/// `server bundle set`
struct BundleSetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Creates or updates the bundle of another trust domain.")

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    @Option(name: .flag("id"), help: "SPIFFE ID of the trust domain.")
    var id = ""

    @Option(name: .flag("path"), help: "Path to the bundle; standard input when left out.")
    var path = ""

    @Option(name: .flag("format"), help: "The format of the bundle: pem (when left out) or spiffe.")
    var format = ""

    func run() async throws {
        guard !id.isEmpty else { throw CommandError(.input, "id flag is required") }
        let trustDomain = try TrustDomain(argument: id)
        let input = try read(for: trustDomain)
        input.warnings.forEach(Console.warn)
        let message = try Spire_Api_Types_Bundle(BundleRecord(input.bundle))
        try await server.connect { api in
            let answer = try await doing("failed to set federated bundle") {
                try await api.bundles.batchSetFederatedBundle(.with { $0.bundle = [message] })
            }
            try show(answer)
            await BundleAdvice(bundle: input.bundle, of: trustDomain).give(api)
        }
    }

    private func read(for trustDomain: TrustDomain) throws -> BundleInput {
        let file = try BundleFile(path)
        return try BundleInput(file.bytes, source: file.source, format: format, trustDomain: trustDomain)
    }

    private func show(_ answer: Spire_Api_Server_Bundle_V1_BatchSetFederatedBundleResponse) throws {
        let json = JSONValue.message([
            "results": .list(answer.results) {
                .message([
                    "status": $0.hasStatus ? $0.status.json : nil, "bundle": $0.hasBundle ? $0.bundle.json : nil,
                ])
            }
        ])
        try output.print(json) {
            if let failed = answer.results.first(where: { $0.status.code != 0 }) {
                throw CommandError(.answer, "failed to set federated bundle: \(failed.status.message)")
            }
            return "bundle set.\n"
        }
    }
}
