// SPDX-License-Identifier: Apache-2.0

import FakeKubernetes
import Foundation
import SPIFFE

/// A cluster with many pods, as a controller sees it, for the package in `Benchmarks/`. It ends with the last reference.
///
/// Each namespace is a sixth of a team; each ClusterSPIFFEID selects the namespaces of one team, so that every pod has one
/// entry. Nobody answers at the endpoints of the foreign trust domains.
public final class ClusterCase: Sendable {
    public static let pods = 30_000
    public static let namespaces = 300
    public static let identities = 50
    public static let domains = 100
    private static let nodes = 100

    private let cluster: FakeCluster

    public var kubeconfigPath: String { cluster.kubeconfigPath }

    /// - Parameter definitions: the folder with the CustomResourceDefinitions.
    public init(definitions: String) async throws {
        cluster = try await FakeCluster.start()
        for file in try FileManager.default.contentsOfDirectory(atPath: definitions) where file.hasSuffix(".yaml") {
            try cluster.add(yaml: try String(contentsOfFile: "\(definitions)/\(file)", encoding: .utf8))
        }
        for number in 0..<Self.nodes {
            try cluster.add(object("Node", "node-\(number)"))
        }
        for number in 0..<Self.namespaces {
            try cluster.add(object("Namespace", "app-\(number)", labels: ["team": "team-\(number % Self.identities)"]))
        }
        for number in 0..<Self.identities { try addIdentity(number) }
        for number in 0..<Self.domains { try setEndpoint(ofDomain: number, path: "bundle") }
        for number in 0..<Self.pods { try addPod(number) }
    }

    /// Creates a running pod.
    ///
    /// - Returns: the path of its SPIFFE ID.
    @discardableResult
    public func addPod(_ number: Int) throws -> String {
        let namespace = "app-\(number % Self.namespaces)"
        var pod = object("Pod", "pod-\(number)", namespace: namespace, labels: ["app": "web", "number": "\(number)"])
        pod[at: "spec"] = [
            "nodeName": .string("node-\(number % Self.nodes)"), "serviceAccountName": "default",
            "containers": [["name": "web", "image": "registry.example/web:1", "resources": [:]]],
        ]
        pod[at: "status"] = ["phase": "Running", "podIP": "10.0.0.1"]
        try cluster.add(pod)
        return "/ns/\(namespace)/pod/pod-\(number)"
    }

    /// Makes or changes a ClusterFederatedTrustDomain.
    ///
    /// - Returns: the name of the trust domain and the URL of its endpoint.
    @discardableResult
    public func setEndpoint(ofDomain number: Int, path: String) throws -> (trustDomain: String, url: String) {
        let (name, url) = ("partner-\(number).example", "https://127.0.0.1:1/\(number)/\(path)")
        var object = object("ClusterFederatedTrustDomain", "partner-\(number)")
        let present = cluster.object("clusterfederatedtrustdomains", group: "spire.spiffe.io", "partner-\(number)")
        if let present { object = present }
        object[at: "spec"] = [
            "trustDomain": .string(name), "bundleEndpointURL": .string(url),
            "bundleEndpointProfile": ["type": "https_web"],
        ]
        try cluster.add(object)
        return (name, url)
    }

    private func addIdentity(_ number: Int) throws {
        var identity = object("ClusterSPIFFEID", "team-\(number)")
        identity[at: "spec"] = [
            "spiffeIDTemplate": "spiffe://{{ .TrustDomain }}/ns/{{ .PodMeta.Namespace }}/pod/{{ .PodMeta.Name }}",
            "namespaceSelector": ["matchLabels": ["team": .string("team-\(number)")]],
            "podSelector": ["matchLabels": ["app": "web"]],
        ]
        try cluster.add(identity)
    }

    private func object(
        _ kind: String, _ name: String, namespace: String? = nil, labels: [String: String] = [:]
    ) -> JSONValue {
        let isOurs = kind.hasPrefix("Cluster")
        var object: JSONValue = [
            "kind": .string(kind), "apiVersion": .string(isOurs ? "spire.spiffe.io/v1alpha1" : "v1"),
            "metadata": ["name": .string(name)],
        ]
        object[at: "metadata", "namespace"] = namespace.map { .string($0) }
        for (label, value) in labels.sorted(by: { $0.key < $1.key }) {
            object[at: "metadata", "labels", label] = .string(value)
        }
        return object
    }
}
