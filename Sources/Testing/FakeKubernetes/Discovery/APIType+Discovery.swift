// SPDX-License-Identifier: Apache-2.0

import SPIFFE

extension APIType {
    /// The subresources with the kind of what is sent there.
    var subresources: [(name: String, group: String, version: String, kind: String, verbs: JSONValue)] {
        var all: [(name: String, group: String, version: String, kind: String, verbs: JSONValue)] = []
        if hasStatus { all.append(("status", group, version, kind, ["get", "patch", "update"])) }
        if resource == .serviceAccounts {
            all.append(("token", "authentication.k8s.io", "v1", "TokenRequest", ["create"]))
        }
        return all
    }

    private var verbs: JSONValue {
        Review(rawValue: plural) == nil
            ? ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"] : ["create"]
    }

    /// The entries of an APIResourceList.
    var resources: [JSONValue] {
        var entry: JSONValue = [
            "name": .string(plural), "singularName": .string(singular), "namespaced": .bool(isNamespaced),
            "kind": .string(kind), "verbs": verbs,
        ]
        if !shortNames.isEmpty { entry[at: "shortNames"] = .array(shortNames.map { .string($0) }) }
        if !categories.isEmpty { entry[at: "categories"] = .array(categories.map { .string($0) }) }
        return [entry]
            + subresources.map { part in
                [
                    "name": .string("\(plural)/\(part.name)"), "singularName": "", "namespaced": .bool(isNamespaced),
                    "group": .string(part.group), "version": .string(part.version), "kind": .string(part.kind),
                    "verbs": part.verbs,
                ]
            }
    }

    /// The entry of an APIGroupDiscoveryList.
    var aggregatedResource: JSONValue {
        var entry: JSONValue = [
            "resource": .string(plural), "singularResource": .string(singular),
            "responseKind": ["group": .string(group), "version": .string(version), "kind": .string(kind)],
            "scope": isNamespaced ? "Namespaced" : "Cluster", "verbs": verbs,
        ]
        if !shortNames.isEmpty { entry[at: "shortNames"] = .array(shortNames.map { .string($0) }) }
        if !categories.isEmpty { entry[at: "categories"] = .array(categories.map { .string($0) }) }
        if !subresources.isEmpty {
            entry[at: "subresources"] = .array(
                subresources.map { part in
                    [
                        "subresource": .string(part.name), "verbs": part.verbs,
                        "responseKind": [
                            "group": .string(part.group), "version": .string(part.version), "kind": .string(part.kind),
                        ],
                    ]
                })
        }
        return entry
    }
}
