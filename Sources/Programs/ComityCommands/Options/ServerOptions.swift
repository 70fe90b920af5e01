// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityClient
import Foundation

/// Which server a command talks to.
struct ServerOptions: ParsableArguments {
    @Option(name: .flag("socketPath"), help: "Path to the server's API socket (/tmp/spire-server/private/api.sock).")
    var socketPath = ""

    @Option(name: .flag("instance"), help: "Instance name to put into SPIRE_SERVER_PRIVATE_SOCKET_TEMPLATE.")
    var instance = ""

    /// Connects for as long as `body` runs.
    func connect<Result: Sendable>(_ body: (ServerAPI) async throws -> Result) async throws -> Result {
        let path = try SocketLocation.server.resolve(
            path: socketPath, instance: instance, environment: ProcessInfo.processInfo.environment)
        return try await ServerAPI.connect(socketPath: path, body)
    }
}
