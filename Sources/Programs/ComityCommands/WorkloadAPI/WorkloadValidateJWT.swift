// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityClient
import GRPCCore
import SwiftProtobuf
import WorkloadAPIProtos

/// `agent api validate jwt`
struct WorkloadValidateJWT: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "jwt", abstract: "Validates a JWT-SVID.")

    @OptionGroup var workload: WorkloadOptions
    @OptionGroup var output: OutputOptions

    @Option(name: .flag("audience"), help: "Expected audience value.")
    var audience = ""

    @Option(name: .flag("svid"), help: "The JWT-SVID.")
    var svid = ""

    func run() async throws {
        guard !audience.isEmpty else { throw CommandError(.input, "audience must be specified") }
        guard !svid.isEmpty else { throw CommandError(.input, "svid must be specified") }
        let answer = try await validate()
        try output.print(answer.json) { Self.text(answer) }
    }

    static func text(_ answer: Workload_ValidateJWTSVIDResponse) -> String {
        "SVID is valid.\nSPIFFE ID : \(answer.spiffeID)\nClaims    : \(answer.claims.json)\n"
    }

    private func validate() async throws -> Workload_ValidateJWTSVIDResponse {
        do {
            return try await workload.connect { api in
                try await api.workload.validateJWTSVID(
                    .with {
                        $0.audience = audience
                        $0.svid = svid
                    }, metadata: AgentAPI.securityHeader)
            }
        } catch let error as RPCError where error.code == .invalidArgument {
            throw CommandError(.invalid, "SVID is not valid: \(error.message)")
        } catch {
            throw CommandError(.answer, "unable to validate JWT SVID", cause: error)
        }
    }
}
