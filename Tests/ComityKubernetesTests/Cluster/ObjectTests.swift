// SPDX-License-Identifier: Apache-2.0

import ComityKubernetes
import ComityTesting
import FakeKubernetes
import SPIFFE
import Testing

struct ObjectTests {
    private func data(_ object: JSONValue) -> JSONValue? { object["data"] }

    @Test("makes, reads, replaces, patches and deletes objects") func verbs() async throws {
        try await Cluster.with { cluster in
            let (client, namespace) = (cluster.client, cluster.namespace)
            let made = try await client.create(.configMaps, cluster.map("a"), namespace: namespace)
            #expect(made["metadata"]?["uid"]?.string?.isEmpty == false)
            #expect(try await client.get(.configMaps, "a", namespace: namespace) == made)

            var changed = try #require(made.object)
            changed["data"] = ["key": "other"]
            let replaced = try await client.replace(.configMaps, .object(changed), namespace: namespace)
            #expect(data(replaced) == ["key": "other"])

            let patch: JSONValue = ["data": ["key": nil, "new": "x"]]
            let patched = try await client.mergePatch(.configMaps, name: "a", namespace: namespace, patch)
            #expect(data(patched) == ["new": "x"])

            try await client.delete(.configMaps, name: "a", namespace: namespace)
            let error = await #expect(throws: KubernetesError.self) {
                try await client.get(.configMaps, "a", namespace: namespace)
            }
            #expect(error?.isNotFound == true)
            #expect(error?.reason == "NotFound")
        }
    }

    @Test("what another one changed or made meanwhile is a conflict") func conflicts() async throws {
        try await Cluster.with { cluster in
            let (client, namespace) = (cluster.client, cluster.namespace)
            let made = try await client.create(.configMaps, cluster.map("a"), namespace: namespace)
            let again = await #expect(throws: KubernetesError.self) {
                try await client.create(.configMaps, cluster.map("a"), namespace: namespace)
            }
            #expect(again?.reason == "AlreadyExists")
            try await client.mergePatch(.configMaps, name: "a", namespace: namespace, ["data": ["key": "theirs"]])
            let stale = await #expect(throws: KubernetesError.self) {
                try await client.replace(.configMaps, made, namespace: namespace)
            }
            #expect(stale?.isConflict == true)
            let other = await #expect(throws: KubernetesError.self) {
                try await client.delete(.configMaps, name: "a", namespace: namespace, uid: "another")
            }
            #expect(other?.isConflict == true)
        }
    }

    @Test("applied fields belong to their manager until another one takes them") func applies() async throws {
        try await Cluster.with { cluster in
            let (client, namespace) = (cluster.client, cluster.namespace)
            try await client.apply(
                .configMaps, cluster.map("a", ["one": "1", "two": "2"]), name: "a", namespace: namespace,
                fieldManager: "first")
            let refused = await #expect(throws: KubernetesError.self) {
                try await client.apply(
                    .configMaps, cluster.map("a", ["one": "other"]), name: "a", namespace: namespace,
                    fieldManager: "second", force: false)
            }
            #expect(refused?.isConflict == true)
            let taken = try await client.apply(
                .configMaps, cluster.map("a", ["one": "other"]), name: "a", namespace: namespace, fieldManager: "second"
            )
            #expect(data(taken) == ["one": "other", "two": "2"])
            let left = try await client.apply(
                .configMaps, cluster.map("a", [:]), name: "a", namespace: namespace, fieldManager: "first")
            #expect(data(left) == ["one": "other"])
        }
    }

    @Test("lists by pages and by labels, each object once") func lists() async throws {
        var limits = KubernetesClient.Limits()
        limits.pageSize = 3
        try await Cluster.with(limits: limits) { cluster in
            for number in 0..<8 {
                try await cluster.apply(
                    "{kind: ConfigMap, apiVersion: v1, metadata: {name: map-\(number), labels: {parity: p\(number % 2)}}}"
                )
            }
            let even = try await cluster.client.list(
                .configMaps, namespace: cluster.namespace, ObjectSelection(labels: "parity"))
            #expect(even.items.compactMap { ObjectKey($0)?.name } == (0..<8).map { "map-\($0)" })
            let odd = try await cluster.client.list(
                .configMaps, namespace: cluster.namespace, ObjectSelection(labels: "parity=p1"))
            #expect(odd.items.count == 4)
            #expect(odd.items.allSatisfy { $0["kind"] == "ConfigMap" })
        }
    }

    @Test("a token is reviewed for its audiences") func reviews() async throws {
        try await Cluster.with { cluster in
            try await cluster.apply("{kind: ServiceAccount, apiVersion: v1, metadata: {name: web}}")
            let token = try await cluster.kubernetes.kubectl(
                "create", "token", "web", "-n", cluster.namespace, "--audience", "spire-server"
            ).check().output.split(separator: "\n")[0]
            let good = try await cluster.client.review(token: String(token), audiences: ["spire-server"])
            #expect(good.isAuthenticated)
            #expect(good.userName == "system:serviceaccount:\(cluster.namespace):web")
            #expect(good.audiences == ["spire-server"])
            let other = try await cluster.client.review(token: String(token), audiences: ["other"])
            #expect(!other.isAuthenticated)
            let garbage = try await cluster.client.review(token: "garbage", audiences: ["spire-server"])
            #expect(!garbage.isAuthenticated)
        }
    }
}
