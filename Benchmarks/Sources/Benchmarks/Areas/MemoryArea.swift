// SPDX-License-Identifier: Apache-2.0

/// What server and agent have in memory when there is little to do.
enum MemoryArea {
    /// Long enough for what a start leaves behind to be given back.
    private static let settling = Duration.seconds(10)

    static func measure(_ bench: Bench) async throws -> [Measurement] {
        try await bench.withAgent("memory") { _, server, agent in
            let (serverCPU, agentCPU) = (server.clock.milliseconds, agent.clock.milliseconds)
            try await Task.sleep(for: settling)
            let seconds = Double(settling.components.seconds)
            return [
                Measurement("idle memory: server", try server.residentMegabytes(), "MB", atMost: 45),
                Measurement("idle memory: agent", try agent.residentMegabytes(), "MB", atMost: 30),
                Measurement("idle CPU per second: server", (server.clock.milliseconds - serverCPU) / seconds, "ms"),
                Measurement("idle CPU per second: agent", (agent.clock.milliseconds - agentCPU) / seconds, "ms"),
            ]
        }
    }
}
