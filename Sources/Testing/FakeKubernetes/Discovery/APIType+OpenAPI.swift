// SPDX-License-Identifier: Apache-2.0

import SPIFFE

extension APIType {
    var pathTemplate: String {
        let root = group.isEmpty ? "/api/\(version)" : "/apis/\(group)/\(version)"
        return root + (isNamespaced ? "/namespaces/{namespace}" : "") + "/\(plural)/{name}"
    }

    var schemaName: String {
        let domain = group.isEmpty ? "io.k8s.api.core" : group.split(separator: ".").reversed().joined(separator: ".")
        return "\(domain).\(version).\(kind)"
    }

    private var groupVersionKind: JSONValue {
        ["group": .string(group), "version": .string(version), "kind": .string(kind)]
    }

    /// What may be asked of an object's path.
    var operations: JSONValue {
        let parameters: [JSONValue] = ["dryRun", "fieldManager", "fieldValidation", "force"].map { name in
            ["name": .string(name), "in": "query", "schema": ["type": "string", "uniqueItems": true]]
        }
        var operations: JSONValue = [:]
        for method in ["get", "put", "patch", "delete"] {
            operations[at: method] = [
                "x-kubernetes-action": .string(method), "x-kubernetes-group-version-kind": groupVersionKind,
                "parameters": .array(parameters), "responses": ["200": ["description": "OK"]],
            ]
        }
        return operations
    }

    /// The schema as `kubectl explain` reads it.
    var openAPISchema: JSONValue {
        var value = schema?.source ?? ["type": "object", "x-kubernetes-preserve-unknown-fields": true]
        value[at: "x-kubernetes-group-version-kind"] = .array([groupVersionKind])
        value[at: "properties", "apiVersion"] = ["type": "string"]
        value[at: "properties", "kind"] = ["type": "string"]
        return value
    }
}
