// SPDX-License-Identifier: Apache-2.0

import ComityResources
import SPIFFE

/// Specifications that together use every field of a custom resource.
struct CustomResourceExample: Sendable {
    let plural: String
    let specifications: [JSONValue]
    let read: @Sendable (JSONValue) throws(ResourceError) -> Void

    static let all = [partners, pods, entries]

    static let partners = CustomResourceExample(
        plural: "clusterfederatedtrustdomains",
        specifications: [
            [
                "trustDomain": "b.test", "bundleEndpointURL": "https://b.test", "bundleEndpointUrl": "https://b.test",
                "bundleEndpointProfile": [
                    "type": "https_spiffe", "endpointSPIFFEID": "spiffe://b.test/s",
                    "endpointSpiffeId": "spiffe://b.test/s",
                ], "trustDomainBundle": "{\"keys\": []}", "className": "c", "onDelete": "dissolve",
            ],
            [
                "trustDomain": "b.test",
                "trustDomainBundleFrom": ["secretKeyRef": ["namespace": "a", "name": "b", "key": "c"]],
            ],
            [
                "trustDomain": "b.test",
                "trustDomainBundleFrom": ["configMapKeyRef": ["namespace": "a", "name": "b", "key": "c"]],
            ],
        ]
    ) { json throws(ResourceError) in _ = try ClusterFederatedTrustDomain(json: json) }

    private static let selector: JSONValue = [
        "matchLabels": ["app": "web"],
        "matchExpressions": [["key": "app", "operator": "In", "values": ["web"]]],
    ]

    static let pods = CustomResourceExample(
        plural: "clusterspiffeids",
        specifications: [
            [
                "spiffeIDTemplate": "spiffe://a.test/x", "ttl": "1h", "jwtTtl": "5m", "jwtTTL": "5m",
                "dnsNameTemplates": ["a"], "workloadSelectorTemplates": ["a:b"], "federatesWith": ["b.test"],
                "namespaceSelector": selector, "podSelector": selector, "admin": true, "downstream": true,
                "autoPopulateDNSNames": true, "className": "c", "fallback": true, "hint": "h",
            ]
        ]
    ) { json throws(ResourceError) in _ = try ClusterSPIFFEID(json: json) }

    static let entries = CustomResourceExample(
        plural: "clusterstaticentries",
        specifications: [
            [
                "spiffeID": "spiffe://a.test/x", "parentID": "spiffe://a.test/y", "selectors": ["a:b"],
                "federatesWith": ["b.test"], "x509SVIDTTL": "1h", "jwtSVIDTTL": "5m", "dnsNames": ["a"], "hint": "h",
                "admin": true, "downstream": true, "storeSVID": true, "className": "c",
            ]
        ]
    ) { json throws(ResourceError) in _ = try ClusterStaticEntry(json: json) }

    func object(_ specification: JSONValue) -> JSONValue {
        ["metadata": ["name": "a"], "spec": specification]
    }

    /// Every value of a specification made one of the wrong type, alone, with its path.
    static func spoiled(_ value: JSONValue, at path: String = "spec") -> [(path: String, value: JSONValue)] {
        switch value {
        case .object(let object):
            return [(path, 3)]
                + object.members.flatMap { member in
                    spoiled(member.value, at: "\(path).\(member.name)").map { inner in
                        var changed = object
                        changed[member.name] = inner.value
                        return (inner.path, .object(changed))
                    }
                }
        case .array(let items):
            return [(path, 3)] + spoiled(items[0], at: path).map { ($0.path, .array([$0.value])) }
        case .string: return [(path, 3)]
        default: return [(path, "x")]
        }
    }
}
