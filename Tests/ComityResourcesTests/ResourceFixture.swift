// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityResources
import SPIFFE

/// Objects as the Kubernetes API sends them.
enum ResourceFixture {
    static func json(_ text: String) throws -> JSONValue {
        try JSONValue(parsing: Array(text.utf8), maximumBytes: 1 << 20)
    }

    /// - Parameters:
    ///   - spec: Members of the specification in JSON.
    ///   - created: Seconds of the minute in which the object was made.
    static func object(_ name: String, _ spec: String, created: Int = 0) throws -> JSONValue {
        try json(
            """
            {
                "metadata": {
                    "name": "\(name)", "uid": "uid-\(name)", "generation": 3,
                    "creationTimestamp": "2026-01-01T00:00:\(created < 10 ? "0" : "")\(created)Z"
                },
                "spec": {\(spec)}
            }
            """)
    }

    static func clusterSPIFFEID(_ name: String, _ spec: String, created: Int = 0) throws -> ClusterSPIFFEID {
        try ClusterSPIFFEID(json: try object(name, spec, created: created))
    }

    /// - Parameters:
    ///   - bundle: What its text carries.
    ///   - profile: In JSON.
    static func federatedTrustDomain(
        _ name: String, _ trustDomain: String, url: String = "https://a", profile: String = #"{"type": "https_web"}"#,
        bundle: SPIFFEBundle? = nil, more: String = "", created: Int = 0
    ) throws -> JSONValue {
        let text = bundle.map { JSONValue.string(String(decoding: $0.document(), as: UTF8.self)).description }
        return try object(
            name,
            "\"trustDomain\": \"\(trustDomain)\", \"bundleEndpointURL\": \"\(url)\", \"bundleEndpointProfile\": \(profile)"
                + (text.map { ", \"trustDomainBundle\": \($0)" } ?? "") + more, created: created)
    }

    static func names(clusterDomain: String = "cluster.local") throws -> ClusterNames {
        try ClusterNames(
            trustDomain: try TrustDomain("one.test"), clusterName: "east", clusterDomain: clusterDomain)
    }

    static func pod(
        _ name: String, namespace: String = "shop", labels: String = "\"app\": \"web\"", node: String? = "node-1",
        phase: String = "Running"
    ) throws -> PodFacts {
        let json = try json(
            """
            {
                "metadata": {
                    "name": "\(name)", "namespace": "\(namespace)", "uid": "pod-\(name)", "labels": {\(labels)}
                },
                "spec": {"serviceAccountName": "web-sa"\(node.map { ", \"nodeName\": \"\($0)\"" } ?? "")},
                "status": {"phase": "\(phase)"}
            }
            """)
        guard let pod = PodFacts(json: json) else { throw CancellationError() }
        return pod
    }

    static func node(_ name: String = "node-1") throws -> NodeFacts {
        let json = try json("{\"metadata\": {\"name\": \"\(name)\", \"uid\": \"uid-of-\(name)\"}, \"spec\": {}}")
        guard let node = NodeFacts(json: json) else { throw CancellationError() }
        return node
    }

    /// What a cluster holds.
    struct Cluster {
        var namespaces: [String: [String: String]]
        var pods: [PodFacts]
        var nodes: [String: NodeFacts]
        /// By the pod's UID.
        var services: [String: Set<String>]
    }

    /// One namespace and one node.
    static func cluster(_ pods: [PodFacts], services: [String: Set<String>] = [:]) throws -> Cluster {
        Cluster(
            namespaces: ["shop": ["kubernetes.io/metadata.name": "shop"]], pods: pods, nodes: ["node-1": try node()],
            services: services)
    }

    static func entry(
        _ path: String, id: String = "", parent: String = "/spire/agent/k8s_psat/east/n",
        selectors: [String] = ["k8s:pod-uid:u"]
    ) throws -> Entry {
        let domain = try TrustDomain("one.test")
        return Entry(
            id: id, spiffeID: try SPIFFEID(trustDomain: domain, path: path),
            parentID: try SPIFFEID(trustDomain: domain, path: parent),
            selectors: Set(try selectors.map { try Selector($0) }))
    }

    static func declared(_ path: String, by name: String = "a", created: Int = 0) throws -> DeclaredEntry {
        let metadata = try ResourceMetadata(json: try object(name, "", created: created))
        return DeclaredEntry(owner: metadata, entry: try entry(path))
    }
}
