// SPDX-License-Identifier: Apache-2.0

import SPIFFE

/// How the parts of a type's objects merge: what is one value, and which lists are maps or sets.
struct MergeRules: Sendable {
    enum Treatment: Hashable, Sendable {
        /// An object that is merged member by member.
        case members
        /// One value that is replaced.
        case whole
        /// A list whose elements are told apart by these members.
        case keyed([String])
        /// A list in which a value occurs once.
        case set
    }

    /// Of custom resources; `nil` with a built-in type.
    let schema: SchemaNode?
    let isCustom: Bool

    /// - Parameter path: member names from the top; lists on the way add nothing to it.
    func treatment(of value: JSONValue, at path: [String]) -> Treatment {
        switch value {
        case .object: schemaNode(at: path)?.isAtomicMap == true ? .whole : .members
        case .array: isCustom && path.first != "metadata" ? ofCustomList(at: path) : ofBuiltInList(at: path)
        default: .whole
        }
    }

    private func ofCustomList(at path: [String]) -> Treatment {
        guard let node = schemaNode(at: path) else { return .whole }
        return switch node.listType {
        case "map": .keyed(node.listKeys)
        case "set": .set
        default: .whole
        }
    }

    private func ofBuiltInList(at path: [String]) -> Treatment {
        let parent = path.count > 1 ? path[path.count - 2] : ""
        return switch path.last ?? "" {
        case "containers", "initContainers", "ephemeralContainers", "volumes", "env", "imagePullSecrets", "webhooks":
            .keyed(["name"])
        case "secrets" where parent.isEmpty: .keyed(["name"])
        case "volumeMounts": .keyed(["mountPath"])
        case "volumeDevices": .keyed(["devicePath"])
        case "ports" where parent == "containers" || parent == "initContainers": .keyed(["containerPort"])
        case "ports" where parent == "spec": .keyed(["port"])
        case "conditions": .keyed(["type"])
        case "addresses" where parent == "status": .keyed(["type"])
        case "ownerReferences": .keyed(["uid"])
        case "taints": .keyed(["key"])
        case "hostAliases", "podIPs", "hostIPs": .keyed(["ip"])
        case "finalizers": .set
        default: .whole
        }
    }

    private func schemaNode(at path: [String]) -> SchemaNode? {
        guard path.first != "metadata" else { return nil }
        return path.reduce(schema) { node, name in
            let node = node?.items ?? node
            return node?.member(name)
        }
    }
}

extension MergeRules {
    /// What tells an element of a keyed list from the others.
    static func key(of element: JSONValue, _ names: [String]) -> JSONValue {
        var key: JSONValue = [:]
        for name in names.sorted() { key[at: name] = element[name] }
        return key
    }
}
