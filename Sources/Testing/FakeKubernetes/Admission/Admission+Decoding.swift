// SPDX-License-Identifier: Apache-2.0

import SPIFFE

extension Admission {
    /// An object as it came, without the fields that its schema does not know.
    mutating func decoded(_ value: JSONValue, in namespace: String?) throws(APIStatus) -> JSONValue {
        guard value.object != nil else { throw .badRequest("the object provided is no JSON object") }
        for (name, wanted) in [("kind", type.kind), ("apiVersion", type.apiVersion)] {
            guard let given = value[name]?.string, given != wanted else { continue }
            throw .badRequest("the \(name) in the object (\(given)) does not match that of the request (\(wanted))")
        }
        var value = try checkedNamespace(value, namespace)
        value[at: "kind"] = .string(type.kind)
        value[at: "apiVersion"] = .string(type.apiVersion)
        try MetadataRules.checkShape(of: value["metadata"])
        guard let schema = type.schema else { return value }
        var unknown: [String] = []
        let pruned = schema.pruned(value, isObjectOfAPI: true, unknown: &unknown)
        switch options.validation {
        case .ignore: break
        case .warn: warnings += unknown.map { "unknown field \($0.quoted)" }
        case .strict where !unknown.isEmpty:
            let list = unknown.map { "unknown field \($0.quoted)" }.joined(separator: ", ")
            throw .badRequest(
                "\(type.kind) in version \(type.version.quoted) cannot be handled as a \(type.kind): "
                    + "strict decoding error: \(list)")
        case .strict: break
        }
        return pruned
    }

    private func checkedNamespace(_ value: JSONValue, _ namespace: String?) throws(APIStatus) -> JSONValue {
        var value = value
        let given = value[at: "metadata", "namespace"]?.string ?? ""
        guard given.isEmpty || given == namespace else {
            throw .badRequest(
                "the namespace of the provided object does not match the namespace sent on the request")
        }
        value[at: "metadata", "namespace"] = namespace.map { .string($0) }
        return value
    }
}
