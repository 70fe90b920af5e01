// SPDX-License-Identifier: Apache-2.0

import SPIFFEWorkloadAPI

/// The sources of one workload, kept fresh for as long as it works.
struct WorkloadConnection: Sendable {
    let x509: X509Source
    let jwt: JWTSource

    /// - Parameter agent: Where the Workload API listens, as `SPIFFE_ENDPOINT_SOCKET` says it.
    init(agent: String) throws {
        var client = WorkloadAPIClient(address: try WorkloadAPIAddress(agent))
        // The agent of a demonstration may be younger than its workload.
        client.backoff = ReconnectBackoff(step: .milliseconds(200), maximum: .seconds(2))
        x509 = X509Source(client: client)
        jwt = JWTSource(client: client)
    }

    /// Runs the sources beside `work` and stops them after it.
    func running(_ work: @escaping @Sendable () async throws -> Void) async throws {
        try await withThrowingTaskGroup { group in
            group.addTask { try await self.x509.run() }
            group.addTask { try await self.jwt.run() }
            group.addTask { try await work() }
            defer { group.cancelAll() }
            try await group.next()
        }
    }
}
