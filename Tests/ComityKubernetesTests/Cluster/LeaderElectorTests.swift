// SPDX-License-Identifier: Apache-2.0

import ComityKubernetes
import SPIFFE
import Testing

struct LeaderElectorTests {
    private func settings(_ cluster: Cluster, _ identity: String) -> LeaderSettings {
        LeaderSettings(
            namespace: cluster.namespace, name: "lease", identity: identity, leaseDuration: .seconds(2),
            renewDeadline: .seconds(1), retryPeriod: .milliseconds(50))
    }

    private func await(_ leads: Bool, _ elector: LeaderElector) async {
        for await value in elector.changes where value == leads { return }
    }

    private func holder(_ cluster: Cluster) async throws -> String? {
        try await cluster.client.get(.leases, "lease", namespace: cluster.namespace)["spec"]?["holderIdentity"]?.string
    }

    @Test("one of two leads; when it ends it gives the lease up and the other one leads") func handsOver() async throws
    {
        try await Cluster.with { cluster in
            let first = try LeaderElector(cluster.client, settings(cluster, "first"))
            let second = try LeaderElector(cluster.client, settings(cluster, "second"))
            let task = Task { try await first.run() }
            await self.await(true, first)
            #expect(try await holder(cluster) == "first")
            try await running(second.run) {
                task.cancel()
                try await task.value
                #expect(!first.isLeader)
                await self.await(true, second)
                #expect(second.isLeader)
                #expect(try await holder(cluster) == "second")
                let lease = try await cluster.client.get(.leases, "lease", namespace: cluster.namespace)
                #expect(lease["spec"]?["leaseTransitions"] == 1)
            }
            #expect(try await holder(cluster) == "")
        }
    }

    @Test("a leader that is cut off knows that it leads no more, and then the other one does") func cutOff()
        async throws
    {
        try await Cluster.with { cluster in
            let client = try cluster.otherClient()
            let first = try LeaderElector(client, settings(cluster, "first"))
            let second = try LeaderElector(cluster.client, settings(cluster, "second"))
            try await running(first.run) {
                await self.await(true, first)
                try await running(second.run) {
                    await client.shutdown()
                    await self.await(true, second)
                    #expect(!first.isLeader)
                    let holder = try await holder(cluster)
                    #expect(holder == "second")
                }
            }
        }
    }
}
