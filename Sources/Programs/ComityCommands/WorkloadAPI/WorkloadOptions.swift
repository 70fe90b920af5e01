// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityClient

/// How a command asks the Workload API.
struct WorkloadOptions: ParsableArguments {
    @OptionGroup var agent: AgentOptions

    @Option(name: .flag("timeout"), help: "Time to wait for a response.")
    var timeout = DurationArgument(.seconds(5))

    /// Connects for as long as `body` runs.
    func connect<Result: Sendable>(_ body: (AgentAPI) async throws -> Result) async throws -> Result {
        try await agent.connect(timeout: timeout.value > .zero ? timeout.value : nil, body)
    }
}
