// SPDX-License-Identifier: Apache-2.0

import ComityKubernetes
import ComityTesting
import FakeKubernetes
import SPIFFE
import Testing

struct FollowingTests {
    @Test("a watch tells what kubectl does, from the list on") func watches() async throws {
        try await Cluster.with { cluster in
            let selection = ObjectSelection(labels: "test")
            let list = try await cluster.client.list(.configMaps, namespace: cluster.namespace, selection)
            let kubernetes = cluster.kubernetes
            try await cluster.apply(
                "{kind: ConfigMap, apiVersion: v1, metadata: {name: a, labels: {test: a}}, data: {key: one}}")
            try await cluster.apply(
                "{kind: ConfigMap, apiVersion: v1, metadata: {name: a, labels: {test: a}}, data: {key: two}}")
            try await kubernetes.kubectl("delete", "configmap", "a", "-n", cluster.namespace).check()
            var told: [String] = []
            for try await event in cluster.client.watch(
                .configMaps, namespace: cluster.namespace, selection, from: list.resourceVersion)
            {
                switch event {
                case .added(let object): told.append("added \(object["data"]?["key"]?.string ?? "")")
                case .modified(let object): told.append("modified \(object["data"]?["key"]?.string ?? "")")
                case .deleted: told.append("deleted")
                case .bookmark: continue
                }
                if told.last == "deleted" { break }
            }
            #expect(told == ["added one", "modified two", "deleted"])
        }
    }

    @Test("a cache follows what kubectl does") func follows() async throws {
        try await Cluster.with { cluster in
            let cache = ObjectCache(
                cluster.client, .configMaps, namespace: cluster.namespace, ObjectSelection(labels: "test"))
            let kubernetes = cluster.kubernetes
            try await cluster.apply("{kind: ConfigMap, apiVersion: v1, metadata: {name: a, labels: {test: a}}}")
            try await running(cache.run) {
                _ = await cache.first { $0.isComplete && $0.objectsByKey.count == 1 }
                try await cluster.apply("{kind: ConfigMap, apiVersion: v1, metadata: {name: b, labels: {test: b}}}")
                _ = await cache.first { $0.objectsByKey.count == 2 }
                // What no longer matches is gone for whoever selects.
                try await kubernetes.kubectl("label", "configmap", "a", "test-", "-n", cluster.namespace).check()
                let left = await cache.first { $0.objectsByKey.count == 1 }
                #expect(left.objects.compactMap { ObjectKey($0)?.name } == ["b"])
                #expect(left.isComplete)
            }
        }
    }

    @Test("a definition that is deleted takes no object from a cache, which says that it is not complete")
    func definitionDeleted() async throws {
        try await Cluster.with { cluster in
            let kubernetes = cluster.kubernetes
            let definition = WidgetDefinition(kubernetes)
            let group = definition.type.group
            try await definition.install()
            for name in ["a", "b"] {
                try await cluster.apply("{kind: Widget, apiVersion: \(group)/v1, metadata: {name: \(name)}}")
            }
            let cache = ObjectCache(cluster.client, definition.type, namespace: cluster.namespace)
            try await running(cache.run) {
                _ = await cache.first { $0.isComplete && $0.objectsByKey.count == 2 }
                // An object that somebody deletes is gone.
                try await kubernetes.kubectl("delete", "widget", "b", "-n", cluster.namespace).check()
                let one = await cache.first { $0.objectsByKey.count == 1 }
                #expect(one.isComplete)
                try await definition.delete()
                let gone = await cache.first { !$0.isComplete }
                #expect(gone.objectsByKey.keys.map(\.name) == ["a"])
                #expect(gone.failure?.status == 404)
                try await definition.install()
                let back = await cache.first { $0.isComplete }
                #expect(back.objects.isEmpty)
            }
            try await definition.delete()
        }
    }

    @Test("what happened to an object is recorded once and counted") func events() async throws {
        try await Cluster.with { cluster in
            let client = cluster.client
            let object = try await client.create(.configMaps, cluster.map("a"), namespace: cluster.namespace)
            let recorder = EventRecorder(client, component: "tests", instance: "one")
            let events = ObjectCache(
                client, .events, namespace: cluster.namespace, ObjectSelection(fields: "involvedObject.name=a"))
            for _ in 0..<3 { recorder.record(.warning, reason: "Failed", "no bundle of other.org", on: object) }
            try await running(recorder.run) {
                try await running(events.run) {
                    let found = await events.first { $0.objects.first?["count"] == 3 }
                    #expect(found.objects.count == 1)
                }
            }
            let described = try await cluster.kubernetes.kubectl("describe", "configmap", "a", "-n", cluster.namespace)
                .check().output
            #expect(described.contains("no bundle of other.org"), "\(described)")
        }
    }
}

/// The definition of a custom resource of one test, because a real cluster is shared.
private struct WidgetDefinition: Sendable {
    let type: ResourceType
    private let kubernetes: KubernetesFixture
    private let name: String

    init(_ kubernetes: KubernetesFixture) {
        self.kubernetes = kubernetes
        let group = "g\(kubernetes.suffix).example.org"
        name = "widgets.\(group)"
        type = ResourceType(group: group, version: "v1", kind: "Widget", plural: "widgets", isNamespaced: true)
    }

    func install() async throws {
        try await kubernetes.apply(
            """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: \(name)}
            spec:
              group: \(type.group)
              scope: Namespaced
              names: {kind: Widget, listKind: WidgetList, plural: widgets, singular: widget}
              versions:
              - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}
            """)
        try await kubernetes.kubectl("wait", "--for", "condition=Established", "crd/\(name)", "--timeout", "60s")
            .check()
    }

    func delete() async throws {
        try await kubernetes.kubectl("delete", "crd", name).check()
    }
}
