// SPDX-License-Identifier: Apache-2.0

/// What signing costs the server.
enum ServerArea {
    private static let batch = 50

    static func measure(_ bench: Bench) async throws -> [Measurement] {
        try await bench.withServer("server") { domain, server in
            [
                Measurement("MintX509SVID: server", try await mint(domain, server), "ms", atMost: 0.35),
                Measurement(
                    "BatchNewX509SVID of \(batch), per SVID: server", try await sign(domain, server), "ms",
                    atMost: 0.15),
            ]
        }
    }

    private static func mint(_ domain: Domain, _ server: MeasuredProcess) async throws -> Double {
        let request = try CertificateRequest.make(uri: "spiffe://\(Domain.name)/minted")
        return try await AdminClient.with(domain) { admin in
            try await Load(operations: 4000).cost(to: server) { _ in try await admin.mintX509SVID(request) }
        }
    }

    private static func sign(_ domain: Domain, _ server: MeasuredProcess) async throws -> Double {
        let token = try await AdminClient.with(domain) { try await $0.createJoinToken() }
        let node = try await NodeClient.attest(domain, joinToken: token)
        let entries = (0..<batch).map {
            EntryTemplate(path: "/workload/\($0)", parent: node.path, selectors: ["uid:\($0)"])
        }
        let ids = try await AdminClient.with(domain) { try await $0.createEntries(entries) }
        let request = try CertificateRequest.make()
        return try await NodeClient.with(domain, node) { client in
            try await client.awaitEntries(batch)
            let cost = try await Load(operations: 200).cost(to: server) { _ in
                try await client.sign(ids, request: request)
            }
            return cost / Double(batch)
        }
    }
}
