// SPDX-License-Identifier: Apache-2.0

/// How long a server takes from its start to the first bundle it serves.
enum StartArea {
    private static let rounds = 7

    static func measure(_ bench: Bench) async throws -> [Measurement] {
        let domain = try bench.makeDomain("start")
        let first = try await start(bench, domain)
        var later: [Cost] = []
        for _ in 0..<rounds { later.append(try await start(bench, domain)) }
        return [
            Measurement("first start to bundle served: CPU", first.cpu, "ms"),
            Measurement("first start to bundle served: wall", first.wall, "ms"),
            Measurement("start to bundle served: CPU", later.map(\.cpu).median, "ms", atMost: 100),
            Measurement("start to bundle served: wall", later.map(\.wall).median, "ms", atMost: 100),
        ]
    }

    /// In milliseconds.
    struct Cost: Sendable {
        var cpu: Double
        var wall: Double
    }

    static func start(_ bench: Bench, _ domain: Domain) async throws -> Cost {
        try await BundleClient.with(domain) { client in
            try await bench.ending(try domain.startServer()) { server in
                while !LoopbackAddress.accepts(port: domain.bundlePort) {
                    try server.checkRunning()
                    try await Task.sleep(for: .milliseconds(1))
                }
                try await client.get()
                let wall = (ContinuousClock.now - server.startedAt) / Duration.milliseconds(1)
                return Cost(cpu: server.clock.milliseconds, wall: wall)
            }
        }
    }
}

extension [Double] {
    fileprivate var median: Double { sorted()[count / 2] }
}
