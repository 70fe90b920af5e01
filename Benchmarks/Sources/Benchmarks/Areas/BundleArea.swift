// SPDX-License-Identifier: Apache-2.0

/// What those who fetch its bundle cost the server.
enum BundleArea {
    static func measure(_ bench: Bench) async throws -> [Measurement] {
        try await bench.withServer("bundle") { domain, server in
            let http1 = try await BundleClient.with(domain, .http1) { client in
                try await Load(operations: 4000).cost(to: server) { _ in try await client.get() }
            }
            let http2 = try await BundleClient.with(domain, .http2) { client in
                try await Load(operations: 4000).cost(to: server) { _ in try await client.get() }
            }
            let handshake = try await BundleClient.with(domain, keepsConnections: false) { client in
                try await Load(operations: 500).cost(to: server) { _ in try await client.get() }
            }
            return [
                Measurement("bundle GET, HTTP/1.1: server", http1, "ms", atMost: 0.1),
                Measurement("bundle GET, HTTP/2: server", http2, "ms", atMost: 0.1),
                Measurement("bundle GET, new TLS connection: server", handshake, "ms"),
            ]
        }
    }
}
