// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import FakeKubernetes
import Foundation

/// A server beside a cluster, and as many controllers of one class as a test starts.
final class SafetyCluster: Sendable {
    let kubernetes: KubernetesFixture
    let domain: Deployment
    private let server: RunningProgram

    var className: String { "class-\(kubernetes.suffix)" }

    /// Runs the body while the server runs.
    static func with(_ trustDomain: String, _ body: (SafetyCluster) async throws -> Void) async throws {
        let cluster = try await SafetyCluster(trustDomain)
        do {
            try await body(cluster)
        } catch {
            await cluster.remove()
            throw error
        }
        await cluster.remove()
    }

    private init(_ trustDomain: String) async throws {
        kubernetes = try await KubernetesFixture.start()
        domain = try Deployment(trustDomain)
        try domain.writeServerConfiguration()
        server = try await domain.startServer()
        try await kubernetes.installCustomResources()
    }

    private func remove() async {
        for kind in ["clusterspiffeids", "clusterstaticentries", "nodes"] {
            _ = try? await kubernetes.kubectl(
                "delete", kind, "-l", "comity.test/run=\(kubernetes.suffix)", "--wait=false")
        }
        try? await kubernetes.remove()
    }

    /// - Parameter more: Further lines of its configuration.
    func startController(_ log: String, _ more: String = "") throws -> RunningProgram {
        let configuration = """
            apiVersion: spire.spiffe.io/v1alpha1
            kind: ControllerManagerConfig
            clusterName: east
            clusterDomain: cluster.local
            trustDomain: \(domain.trustDomain)
            className: \(className)
            spireServerSocketPath: \(domain.serverSocket)
            gcInterval: 500000000
            ignoreNamespaces: [kube-system]
            metrics: {bindAddress: "0"}
            \(more)
            """
        let path = domain.folder.path("conf/\(log).yaml")
        try configuration.write(toFile: path, atomically: true, encoding: .utf8)
        return try RunningProgram(
            domain.folder.path("comity"), ["controller", "-config", path, "-kubeconfig", kubernetes.kubeconfigPath],
            in: domain.folder.path, log: domain.folder.path(log))
    }

    // MARK: - What is declared

    /// Deletes objects with kubectl, which waits until they are gone.
    func delete(_ arguments: String...) async throws {
        let result = try await kubernetes.kubectl(["delete", "-n", kubernetes.namespace] + arguments)
        guard result.exitCode == 0 else { throw RunningProgram.Failure(description: result.errors) }
    }

    /// Applies a ClusterStaticEntry for each name.
    func declare(_ names: [String], hint: String = "") async throws {
        let manifests = names.map { name in
            """
            apiVersion: spire.spiffe.io/v1alpha1
            kind: ClusterStaticEntry
            metadata: {name: \(name)-\(kubernetes.suffix), labels: {comity.test/run: "\(kubernetes.suffix)"}}
            spec:
              className: \(className)
              spiffeID: spiffe://\(domain.trustDomain)/\(name)
              parentID: spiffe://\(domain.trustDomain)/node
              selectors: ["unix:uid:1000"]
              hint: "\(hint)"
            """
        }
        try await kubernetes.apply(manifests.joined(separator: "\n---\n"))
    }

    func withdraw(_ name: String) async throws {
        try await delete("clusterstaticentry", "\(name)-\(kubernetes.suffix)")
    }

    /// Makes pods on a node, each with an identity `/pod/NAME`.
    func makePods(_ names: String...) async throws {
        let node = "node-\(kubernetes.suffix)"
        let label = "comity.test/run: \"\(kubernetes.suffix)\""
        try await kubernetes.apply(
            """
            ---
            {apiVersion: v1, kind: Node, metadata: {name: \(node), labels: {\(label)}}}
            ---
            {apiVersion: v1, kind: ServiceAccount, metadata: {name: default}}
            """)
        for name in names {
            try await kubernetes.apply(
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: \(name)}
                spec: {nodeName: \(node), automountServiceAccountToken: false, containers: [{name: main, image: web}]}
                """)
        }
        try await kubernetes.apply(
            """
            apiVersion: spire.spiffe.io/v1alpha1
            kind: ClusterSPIFFEID
            metadata: {name: pods-\(kubernetes.suffix), labels: {\(label)}}
            spec:
              className: \(className)
              spiffeIDTemplate: "spiffe://\(domain.trustDomain)/pod/{{ .PodMeta.Name }}"
              namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: \(kubernetes.namespace)}}
            """)
    }

    // MARK: - What the server has

    /// The paths of the entries, sorted; one that is there twice is there twice.
    func entries() async throws -> [String] {
        let prefix = "spiffe://\(domain.trustDomain)"
        let shown = try await domain.server("entry", "show").check().output
        return shown.split(separator: "\n").compactMap { line in
            guard line.hasPrefix("SPIFFE ID"), let start = line.firstRange(of: prefix) else { return nil }
            return String(line[start.upperBound...])
        }.sorted()
    }

    /// Waits until these are the entries of the server.
    func settle(_ paths: [String]) async throws {
        var last: [String] = []
        try await eventually("the entries are \(paths.sorted())", or: { "\(last)" }) {
            last = try await self.entries()
            return last == paths.sorted() ? true : nil
        }
    }
}
