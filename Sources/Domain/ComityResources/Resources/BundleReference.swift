// SPDX-License-Identifier: Apache-2.0

import SPIFFE

/// Where in the cluster the text of a bundle is.
package struct BundleReference: Hashable, Sendable {
    package enum Kind: String, Sendable {
        case secret = "Secret"
        case configMap = "ConfigMap"
    }

    package let kind: Kind
    package let namespace: String
    package let name: String
    package let key: String

    /// - Throws: ``ResourceError`` with code `invalid`.
    init(json: JSONValue, at path: String) throws(ResourceError) {
        let fields = ["secretKeyRef": Kind.secret, "configMapKeyRef": .configMap]
        let named = json.object?.members.filter { fields[$0.name] != nil && $0.value != .null } ?? []
        guard named.count == 1, let kind = fields[named[0].name] else {
            throw .invalid(path, "must have either secretKeyRef or configMapKeyRef")
        }
        func text(_ name: String) throws(ResourceError) -> String {
            guard let text = named[0].value[name]?.string, !text.isEmpty else {
                throw .invalid("\(path).\(named[0].name).\(name)", "must not be empty")
            }
            return text
        }
        self.kind = kind
        namespace = try text("namespace")
        name = try text("name")
        key = try text("key")
    }
}

extension BundleReference: CustomStringConvertible {
    package var description: String { "key \(key.quoted) of \(kind.rawValue) \(namespace)/\(name)" }
}
