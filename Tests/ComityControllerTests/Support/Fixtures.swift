// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityResources
import SPIFFE

/// Entries and resources of the trust domain `example.org`.
enum Fixtures {
    static func entry(_ name: String, id: String = "", pod: String? = nil, hint: String = "") throws -> Entry {
        let selector = try Selector(pod.map { "k8s:pod-uid:\($0)" } ?? "unix:uid:\(name.utf8.count)")
        var entry = Entry(
            id: id, spiffeID: try SPIFFEID("spiffe://example.org/\(name)"),
            parentID: try SPIFFEID("spiffe://example.org/spire/agent/k8s_psat/demo/n1"), selectors: [selector])
        entry.hint = hint
        return entry
    }

    static func metadata(_ name: String, created: Int = 0) throws -> ResourceMetadata {
        try ResourceMetadata(
            json: .object([
                "metadata": .object([
                    "name": .string(name), "uid": .string("uid-\(name)"),
                    "creationTimestamp": .string("2026-01-01T00:00:0\(created)Z"),
                ])
            ]))
    }

    static func declared(_ name: String, hint: String = "") throws -> DeclaredEntry {
        DeclaredEntry(owner: try metadata(name), entry: try entry(name, hint: hint))
    }

    static func federated(
        _ name: String, _ trustDomain: String, url: String? = nil, bundle: String? = nil, more: JSONObject = [:]
    ) -> JSONValue {
        var spec: JSONObject = [
            "trustDomain": .string(trustDomain), "bundleEndpointURL": .string(url ?? "https://\(trustDomain)"),
            "bundleEndpointProfile": .object(["type": .string("https_web")]),
        ]
        if let bundle { spec["trustDomainBundle"] = .string(bundle) }
        for member in more.members { spec[member.name] = member.value }
        return .object([
            "apiVersion": .string("spire.spiffe.io/v1alpha1"), "kind": .string("ClusterFederatedTrustDomain"),
            "metadata": .object(["name": .string(name), "uid": .string("uid-\(name)")]), "spec": .object(spec),
        ])
    }
}
