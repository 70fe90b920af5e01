// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityClient

/// Which agent a command of the operator talks to.
struct AgentAdminOptions: ParsableArguments {
    private static let standardPath = "/tmp/spire-agent/private/admin.sock"

    @Option(name: .flag("socketPath"), help: "Path to the agent's admin socket (\(standardPath)).")
    var socketPath = ""

    /// Connects for as long as `body` runs.
    func connect<Result: Sendable>(_ body: (AgentAdminAPI) async throws -> Result) async throws -> Result {
        try await AgentAdminAPI.connect(socketPath: socketPath.isEmpty ? Self.standardPath : socketPath, body)
    }
}
