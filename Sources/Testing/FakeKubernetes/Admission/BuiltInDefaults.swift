// SPDX-License-Identifier: Apache-2.0

import SPIFFE

/// What the API itself, or the controller next to it, adds to a new object of a built-in type.
enum BuiltInDefaults {
    static func completed(_ value: JSONValue, _ type: APIType) -> JSONValue {
        switch (type.group, type.kind) {
        case ("", "Namespace"): namespace(value)
        case ("", "Pod"): with(value, ["status"], ["phase": "Pending", "qosClass": "BestEffort"])
        case ("", "Secret"): secret(value)
        case ("apiextensions.k8s.io", "CustomResourceDefinition"): definition(value)
        default: value
        }
    }

    private static func namespace(_ value: JSONValue) -> JSONValue {
        var value = value
        value[at: "metadata", "labels", "kubernetes.io/metadata.name"] = value[at: "metadata", "name"]
        value[at: "spec", "finalizers"] = ["kubernetes"]
        return with(value, ["status"], ["phase": "Active"])
    }

    private static func secret(_ value: JSONValue) -> JSONValue {
        var value = value
        for member in value["stringData"]?.object?.members ?? [] {
            value[at: "data", member.name] = .string(Base64.standard.encode(Array((member.value.string ?? "").utf8)))
        }
        value[at: "stringData"] = nil
        if value["type"] == nil { value[at: "type"] = "Opaque" }
        return value
    }

    private static func definition(_ value: JSONValue) -> JSONValue {
        let names = value[at: "spec", "names"] ?? [:]
        let versions = (value[at: "spec", "versions"]?.array ?? []).filter { $0["storage"]?.bool ?? false }
        let conditions: [JSONValue] = [("NamesAccepted", "NoConflicts"), ("Established", "InitialNamesAccepted")].map {
            [
                "type": .string($0.0), "status": "True", "reason": .string($0.1), "message": "",
                "lastTransitionTime": .string(Admission.now),
            ]
        }
        return with(
            value, ["status"],
            [
                "acceptedNames": names, "conditions": .array(conditions),
                "storedVersions": .array(versions.compactMap { $0["name"] }),
            ])
    }

    private static func with(_ value: JSONValue, _ path: [String], _ part: JSONValue) -> JSONValue {
        var value = value
        value[at: path] = part
        return value
    }
}
