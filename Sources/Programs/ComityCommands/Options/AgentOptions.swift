// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityClient
import Foundation

/// Which agent a command talks to.
struct AgentOptions: ParsableArguments {
    @Option(name: .flag("socketPath"), help: "Path to the agent's socket (/tmp/spire-agent/public/api.sock).")
    var socketPath = ""

    @Option(name: .flag("instance"), help: "Instance name to put into SPIRE_AGENT_PUBLIC_SOCKET_TEMPLATE.")
    var instance = ""

    /// Connects for as long as `body` runs.
    func connect<Result: Sendable>(
        timeout: Duration?, _ body: (AgentAPI) async throws -> Result
    ) async throws -> Result {
        let path = try SocketLocation.agent.resolve(
            path: socketPath, instance: instance, environment: ProcessInfo.processInfo.environment)
        return try await AgentAPI.connect(socketPath: path, timeout: timeout, body)
    }
}
