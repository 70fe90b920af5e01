// SPDX-License-Identifier: Apache-2.0

/// What many entries cost the server.
enum EntryArea {
    private static let entries = 100_000
    private static let entriesPerAgent = 50
    private static let batch = 500

    static func measure(_ bench: Bench) async throws -> [Measurement] {
        let name = "\(entries / 1000)k entries"
        let domain: Domain
        var measurements: [Measurement]
        (domain, measurements) = try await bench.withServer("entries") { domain, server in
            let token = try await AdminClient.with(domain) { try await $0.createJoinToken() }
            let node = try await NodeClient.attest(domain, joinToken: token)
            let created = try await create(domain, server, node)
            let sync = try await sync(domain, server, node)
            return (
                domain,
                [
                    Measurement("\(name): CPU to create one", created.cpu, "ms"),
                    Measurement("\(name): wall to create one", created.wall, "ms"),
                    Measurement("\(name): sync of an agent with \(entriesPerAgent)", sync, "ms"),
                    Measurement("\(name): server's memory after creating", try server.residentMegabytes(), "MB"),
                ]
            )
        }
        let restart = try await StartArea.start(bench, domain)
        measurements.append(Measurement("\(name): start to bundle served: CPU", restart.cpu, "ms"))
        return measurements
    }

    /// Answers in milliseconds for one entry.
    private static func create(
        _ domain: Domain, _ server: MeasuredProcess, _ node: NodeIdentity
    ) async throws -> StartArea.Cost {
        try await AdminClient.with(domain) { admin in
            let (cpu, start) = (server.clock.milliseconds, ContinuousClock.now)
            for first in stride(from: 0, to: entries, by: batch) {
                try await admin.createEntries((first..<first + batch).map { entry($0, node) })
            }
            let wall = (ContinuousClock.now - start) / Duration.milliseconds(1)
            return StartArea.Cost(
                cpu: (server.clock.milliseconds - cpu) / Double(entries), wall: wall / Double(entries))
        }
    }

    private static func sync(
        _ domain: Domain, _ server: MeasuredProcess, _ node: NodeIdentity
    ) async throws -> Double {
        try await NodeClient.with(domain, node) { client in
            try await client.awaitEntries(entriesPerAgent)
            return try await Load(operations: 500).cost(to: server) { _ in try await client.sync() }
        }
    }

    /// The first entries are the node's, the others those of agents that do not run.
    private static func entry(_ number: Int, _ node: NodeIdentity) -> EntryTemplate {
        let agent = number / entriesPerAgent
        return EntryTemplate(
            path: "/workload/\(number)", parent: agent == 0 ? node.path : "/spire/agent/bench/\(agent)",
            selectors: ["uid:\(number % 1000)", "path:/usr/bin/workload-\(number)"])
    }
}
