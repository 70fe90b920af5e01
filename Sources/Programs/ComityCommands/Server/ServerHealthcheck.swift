// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityClient

/// `server healthcheck`
struct ServerHealthcheck: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "healthcheck", abstract: "Determines server health status.")

    @OptionGroup var server: ServerOptions
    @OptionGroup var options: HealthOptions

    func run() async throws {
        do {
            try await server.connect { try await options.check($0.health, of: "server") }
        } catch let error as CommandError {
            throw CommandError(.unhealthy, "server is unhealthy: \(error)")
        } catch {
            options.explain(error)
            throw CommandError(
                .unhealthy, "server is unhealthy: unable to determine health",
                cure: CommandCure.of(error, asking: .server))
        }
        Console.out("Server is healthy.\n")
    }
}
