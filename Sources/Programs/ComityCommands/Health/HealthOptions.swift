// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityTransport
import GRPCCore
import ServerAPIProtos

/// How health is asked for, and the question itself.
struct HealthOptions: ParsableArguments {
    @Flag(name: .flag("shallow"), help: "Perform a less stringent health check.")
    var shallow = false

    @Flag(name: .flag("verbose"), help: "Print verbose information.")
    var verbose = false

    /// - Throws: ``CommandError`` with code `unhealthy` when the program says that it is not serving.
    func check(_ health: Grpc_Health_V1_Health.Client<GRPCConnection>, of program: String) async throws {
        if verbose { Console.out("Checking \(program) health...\n") }
        let status = try await health.check(Grpc_Health_V1_HealthCheckRequest()).status
        guard status == .serving else {
            throw CommandError(.unhealthy, "\(program) returned status \"\(Self.name(of: status))\"")
        }
    }

    /// Says why nothing is known about the health.
    func explain(_ error: any Error) {
        if verbose { Console.error("Failed to check health: \(CommandError.text(of: error))\n") }
    }

    private static func name(of status: Grpc_Health_V1_HealthCheckResponse.ServingStatus) -> String {
        switch status {
        case .unknown: "UNKNOWN"
        case .serving: "SERVING"
        case .notServing: "NOT_SERVING"
        case .serviceUnknown: "SERVICE_UNKNOWN"
        case .UNRECOGNIZED(let number): "\(number)"
        }
    }
}
