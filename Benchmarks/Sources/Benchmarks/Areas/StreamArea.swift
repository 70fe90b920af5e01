// SPDX-License-Identifier: Apache-2.0

/// What many workloads that keep a stream open cost their agent.
enum StreamArea {
    private static let streams = 10_000

    static func measure(_ bench: Bench) async throws -> [Measurement] {
        try await bench.withAgent("streams") { domain, _, agent in
            let entry = try await AdminClient.with(domain) {
                try await $0.entryID(path: EntryTemplate.forThisProcess.path)
            }
            let herd = StreamHerd(domain: domain, streams: streams)
            log("\(streams) streams over \(herd.connections) connections")
            let memory = try agent.residentMegabytes()
            let start = agent.clock.milliseconds
            return try await herd.whileOpen {
                let opened = agent.clock.milliseconds
                let full = try agent.residentMegabytes()
                let changedAt = ContinuousClock.now
                try await AdminClient.with(domain) { try await $0.changeLifetime(ofEntry: entry, to: 1800) }
                try await herd.awaitMessages(2 * streams)
                let wall = (ContinuousClock.now - changedAt) / Duration.seconds(1)
                let told = agent.clock.milliseconds
                let name = "\(streams / 1000)k open streams"
                return [
                    Measurement("\(name): agent's memory", full, "MB"),
                    Measurement("\(name): memory per stream", (full - memory) * 1024 / Double(streams), "kB"),
                    Measurement("\(name): CPU to open one", (opened - start) / Double(streams), "ms"),
                    Measurement("\(name): CPU to tell one of a new SVID", (told - opened) / Double(streams), "ms"),
                    Measurement("\(name): until all have the new SVID, wall", wall, "s"),
                ]
            }
        }
    }
}
