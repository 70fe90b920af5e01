// SPDX-License-Identifier: Apache-2.0

import ComityKubernetes
import ComityTesting
import FakeKubernetes
import SPIFFE

/// A cluster, real when `COMITY_TEST_KUBECONFIG` names one, and a client of it.
struct Cluster: Sendable {
    let kubernetes: KubernetesFixture
    let client: KubernetesClient

    var namespace: String { kubernetes.namespace }

    static func with<Result>(
        limits: KubernetesClient.Limits = .init(), _ body: (Cluster) async throws -> Result
    ) async throws -> Result {
        let kubernetes = try await KubernetesFixture.start()
        let configuration = try ClusterConfiguration.kubeconfig(path: kubernetes.kubeconfigPath, environment: [:])
        let client = try KubernetesClient(
            configuration, userAgent: "tests/1", logger: RecordedLog().logger(), limits: limits)
        do {
            let result = try await body(Cluster(kubernetes: kubernetes, client: client))
            await client.shutdown()
            try await kubernetes.remove()
            return result
        } catch {
            await client.shutdown()
            try? await kubernetes.remove()
            throw error
        }
    }

    /// Another client, to be shut down by whoever asks for it.
    func otherClient() throws -> KubernetesClient {
        try KubernetesClient(client.configuration, userAgent: "tests/2", logger: RecordedLog().logger())
    }

    /// Applies a manifest in flow style, which kubectl would take for JSON when nothing stood before it.
    func apply(_ manifest: String) async throws {
        try await kubernetes.apply("---\n\(manifest)")
    }

    func map(_ name: String, _ data: JSONValue = ["key": "value"]) -> JSONValue {
        ["metadata": ["name": .string(name), "namespace": .string(namespace)], "data": data]
    }
}

extension ObjectCache {
    /// Waits until the snapshot is as it is to be.
    func first(_ isWanted: @Sendable (Snapshot) -> Bool) async -> Snapshot {
        for await _ in changes {
            let snapshot = snapshot
            if isWanted(snapshot) { return snapshot }
        }
        return snapshot
    }
}

/// Runs a service while the body runs.
func running<Result: Sendable>(
    _ service: @escaping @Sendable () async throws -> Void, _ body: @escaping @Sendable () async throws -> Result
) async throws -> Result {
    try await withThrowingTaskGroup(of: Result?.self) { group in
        group.addTask {
            try await service()
            return nil
        }
        group.addTask { try await body() }
        defer { group.cancelAll() }
        while let result = try await group.next() {
            if let result { return result }
        }
        throw CancellationError()
    }
}
