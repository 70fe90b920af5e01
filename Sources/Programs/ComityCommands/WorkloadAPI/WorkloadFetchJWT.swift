// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityClient
import GRPCCore
import SwiftProtobuf
import WorkloadAPIProtos

/// `agent api fetch jwt`
struct WorkloadFetchJWT: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jwt", abstract: "Fetches JWT-SVIDs from the Workload API.")

    @OptionGroup var workload: WorkloadOptions
    @OptionGroup var output: OutputOptions

    @Option(name: .flag("audience"), help: "Comma separated list of audience values.")
    var audience: [String] = []

    @Option(name: .flag("spiffeID"), help: "SPIFFE ID subject (optional).")
    var spiffeID = ""

    @Option(name: .flag("format"), help: "Deprecated: use -output.")
    var format = ""

    func run() async throws {
        let audience = audience.flatMap { $0.split(separator: ",").map(String.init) }
        guard !audience.isEmpty else { throw CommandError(.input, "audience must be specified") }
        let (bundles, svids) = try await workload.connect { api in
            let header = AgentAPI.securityHeader
            let bundles = try await doing("failed to receive JWT bundles") {
                try await api.workload.fetchJWTBundles(Workload_JWTBundlesRequest(), metadata: header) {
                    try await $0.first("JWT bundles")
                }
            }
            let svids = try await api.workload.fetchJWTSVID(
                .with {
                    $0.audience = audience
                    $0.spiffeID = spiffeID
                }, metadata: header)
            return (bundles, svids)
        }
        try options.print(svids.json, bundles.json) { JWTSVIDText.answer(svids, bundles) }
    }

    private var options: OutputOptions {
        var options = output
        if let stated = OutputFormat(rawValue: format) { options.output = stated }
        return options
    }
}
