// SPDX-License-Identifier: Apache-2.0

/// What workloads cost their agent, and the server behind it.
enum WorkloadArea {
    /// A peer that opens and drops more than 200 streams in half a minute is taken for an attacker.
    private static let fetchesPerConnection = 100

    static func measure(_ bench: Bench) async throws -> [Measurement] {
        try await bench.withAgent("workload") { domain, server, agent in
            try await WorkloadClient.with(domain) { workload in
                let fetches = try await Load(operations: 40).cost(to: agent) { _ in
                    try await WorkloadClient.with(domain) { workload in
                        for _ in 0..<fetchesPerConnection { try await workload.fetchX509SVID() }
                    }
                }
                let connect = try await Load(operations: 1000).cost(to: agent) { _ in
                    try await WorkloadClient.with(domain) { try await $0.fetchX509SVID() }
                }
                let fresh = try await Load(operations: 4000).cost(to: [agent, server]) { number in
                    try await workload.fetchJWTSVID(audience: "spiffe://bench.example/fresh/\(number)")
                }
                let cached = try await Load(operations: 4000).cost(to: agent) { _ in
                    try await workload.fetchJWTSVID(audience: "spiffe://bench.example/cached")
                }
                return [
                    Measurement("FetchX509SVID: agent", fetches / Double(fetchesPerConnection), "ms", atMost: 0.25),
                    Measurement("FetchX509SVID, connection of its own: agent", connect, "ms"),
                    Measurement("FetchJWTSVID, fresh: agent", fresh[0], "ms", atMost: 0.35),
                    Measurement("FetchJWTSVID, fresh: server", fresh[1], "ms", atMost: 0.35),
                    Measurement("FetchJWTSVID, kept: agent", cached, "ms"),
                ]
            }
        }
    }
}
