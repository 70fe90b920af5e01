// SPDX-License-Identifier: Apache-2.0

import SPIFFE

/// Tells clients which types there are.
struct Discovery: Sendable {
    static let version: JSONValue = [
        "major": "1", "minor": "32", "gitVersion": "v1.32.4", "gitCommit": "", "gitTreeState": "clean",
        "buildDate": "2025-04-22T16:03:58Z", "goVersion": "go1.23.6", "compiler": "gc", "platform": "linux/amd64",
    ]

    private static let aggregatedGroup = "apidiscovery.k8s.io"

    let catalog: TypeCatalog

    func response(to request: APIRequest) throws(APIStatus) -> APIResponse {
        let isCore = request.path.first == "api"
        let rest = Array(request.path.dropFirst())
        if rest.isEmpty, let form = request.accepted.first(where: isAggregated) {
            return aggregated(isCore: isCore, version: form.parameters["v"] ?? "v2")
        }
        switch (isCore, rest.count) {
        case (true, 0):
            return APIResponse(["kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": []])
        case (true, 1): return try resources("", rest[0])
        case (false, 0):
            let groups = catalog.groups.filter { !$0.name.isEmpty }.map(group)
            return APIResponse(["kind": "APIGroupList", "apiVersion": "v1", "groups": .array(groups)])
        case (false, 1):
            guard let found = catalog.groups.first(where: { $0.name == rest[0] }) else { throw .noSuchPath }
            var value = group(found)
            value[at: "kind"] = "APIGroup"
            value[at: "apiVersion"] = "v1"
            return APIResponse(value)
        case (false, 2): return try resources(rest[0], rest[1])
        default: throw .noSuchPath
        }
    }

    private func isAggregated(_ type: MediaType) -> Bool {
        type.asks(for: "APIGroupDiscoveryList", group: Self.aggregatedGroup)
            && ["v2", "v2beta1"].contains(type.parameters["v"])
    }

    private func group(_ group: (name: String, versions: [String])) -> JSONValue {
        let versions: [JSONValue] = group.versions.map { version in
            ["groupVersion": .string("\(group.name)/\(version)"), "version": .string(version)]
        }
        return ["name": .string(group.name), "versions": .array(versions), "preferredVersion": versions[0]]
    }

    private func resources(_ group: String, _ version: String) throws(APIStatus) -> APIResponse {
        let types = catalog.types(group, version)
        guard let first = types.first else { throw .noSuchPath }
        return APIResponse([
            "kind": "APIResourceList", "apiVersion": "v1", "groupVersion": .string(first.apiVersion),
            "resources": .array(types.flatMap(\.resources)),
        ])
    }

    private func aggregated(isCore: Bool, version: String) -> APIResponse {
        let groups: [JSONValue] = catalog.groups.filter { $0.name.isEmpty == isCore }.map { group in
            [
                "metadata": isCore
                    ? ["creationTimestamp": nil] : ["name": .string(group.name), "creationTimestamp": nil],
                "versions": .array(
                    group.versions.map { version in
                        [
                            "version": .string(version), "freshness": "Current",
                            "resources": .array(catalog.types(group.name, version).map(\.aggregatedResource)),
                        ]
                    }),
            ]
        }
        var response = APIResponse([
            "kind": "APIGroupDiscoveryList", "apiVersion": .string("\(Self.aggregatedGroup)/\(version)"),
            "metadata": [:], "items": .array(groups),
        ])
        response.contentType = "application/json;g=\(Self.aggregatedGroup);v=\(version);as=APIGroupDiscoveryList"
        return response
    }
}
