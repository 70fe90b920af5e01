// SPDX-License-Identifier: Apache-2.0

import ComityKubernetes
import ComityTesting
import FakeKubernetes
import SPIFFE
import Testing

@testable import ComityController

struct ConfigMapOwnershipTests {
    private func with(
        _ body: (KubernetesFixture, @escaping @Sendable (String) -> ConfigMapOwnership) async throws -> Void
    ) async throws {
        let kubernetes = try await KubernetesFixture.start()
        let configuration = try ClusterConfiguration.kubeconfig(path: kubernetes.kubeconfigPath, environment: [:])
        let client = try KubernetesClient(configuration, userAgent: "tests/1", logger: RecordedLog().logger())
        do {
            try await body(kubernetes) { owner in
                ConfigMapOwnership(client, namespace: kubernetes.namespace, owner: owner)
            }
            await client.shutdown()
            try await kubernetes.remove()
        } catch {
            await client.shutdown()
            try? await kubernetes.remove()
            throw error
        }
    }

    private let ids = Set((0..<100).map { "id-\($0)" })

    @Test("is unknown until something, or nothing, was claimed") func firstRun() async throws {
        try await with { _, record in
            let before = try await record("one/").load()
            #expect(before == nil)
            let refused = try await record("one/").claim(Owned())
            #expect(refused.isEmpty)
            let (one, two) = (try await record("one/").load(), try await record("two/").load())
            #expect(one == Owned())
            #expect(two == nil)
        }
    }

    @Test("what was claimed and not released is known after a restart") func remembers() async throws {
        try await with { kubernetes, record in
            let claimed = Owned(entryIDs: ids, trustDomains: [try TrustDomain("other.org")])
            let refused = try await record("one/").claim(claimed)
            #expect(refused.isEmpty)
            let known = try await record("one/").load()
            #expect(known == claimed)
            try await record("one/").release(Owned(entryIDs: ids.subtracting(["id-1"])))
            let left = try await record("one/").load()
            #expect(left == Owned(entryIDs: ["id-1"], trustDomains: [try TrustDomain("other.org")]))
            let names = try await kubernetes.kubectl("get", "configmaps", "-n", kubernetes.namespace, "-o", "name")
                .check().output
            #expect(names.split(separator: "\n").count { $0.contains("comity-controller-owned-") } == 16)
        }
    }

    @Test("of two controllers that claim the same at the same time one is refused each thing") func twoAtOnce()
        async throws
    {
        try await with { _, record in
            let claimed = Owned(entryIDs: ids)
            async let first = record("one/").claim(claimed)
            async let second = record("two/").claim(claimed)
            let refused = try await [first, second]
            #expect(refused[0].entryIDs.union(refused[1].entryIDs) == ids)
            #expect(refused[0].entryIDs.isDisjoint(with: refused[1].entryIDs))
            let (one, two) = (try await record("one/").load(), try await record("two/").load())
            #expect(one?.entryIDs == ids.subtracting(refused[0].entryIDs))
            #expect(two?.entryIDs == ids.subtracting(refused[1].entryIDs))
        }
    }

    @Test("a record that cannot be read is an error, not an empty one", .enabled(if: KubernetesFixture.isFake))
    func unreadable() async throws {
        try await with { kubernetes, record in
            _ = try await record("one/").claim(Owned(entryIDs: ids))
            let cluster = try #require(kubernetes.cluster)
            cluster.misbehaves.refuse(.internalError(of: .reads, path: "/configmaps"))
            let error = await #expect(throws: ControllerError.self) { try await record("one/").load() }
            #expect(error?.code == .ownership)
            #expect(
                error.map { "\($0)" }?.contains("comity-controller-owned-0 of what this controller made cannot be read")
                    == true)
        }
    }
}
