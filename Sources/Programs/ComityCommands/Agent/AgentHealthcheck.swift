// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityClient

/// `agent healthcheck`
struct AgentHealthcheck: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "healthcheck", abstract: "Determines agent health status.")

    private static let timeout = Duration.seconds(5)

    @OptionGroup var agent: AgentOptions
    @OptionGroup var options: HealthOptions

    func run() async throws {
        do {
            try await agent.connect(timeout: Self.timeout) { try await options.check($0.health, of: "agent") }
        } catch let error as CommandError {
            throw CommandError(.unhealthy, "Agent is unhealthy: \(error)")
        } catch {
            options.explain(error)
            throw CommandError(
                .unhealthy, "Agent is unhealthy: unable to determine health",
                cure: CommandCure.of(error, asking: .agent))
        }
        Console.out("Agent is healthy.\n")
    }
}
