// SPDX-License-Identifier: Apache-2.0

public import SPIFFE

/// What tells one object of a type from the others.
public struct ObjectKey: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// `nil` for objects of the cluster.
    public let namespace: String?
    /// The object's name.
    public let name: String

    /// Makes a key.
    public init(namespace: String? = nil, name: String) {
        self.namespace = namespace
        self.name = name
    }

    /// Reads the key of an object; `nil` when it has no name.
    public init?(_ object: JSONValue) {
        guard let metadata = object["metadata"]?.object, let name = metadata["name"]?.string, !name.isEmpty else {
            return nil
        }
        self.init(namespace: metadata["namespace"]?.string, name: name)
    }

    /// As kubectl writes it: `namespace/name`.
    public var description: String {
        namespace.map { "\($0)/\(name)" } ?? name
    }

    /// By namespace, then by name.
    public static func < (lhs: ObjectKey, rhs: ObjectKey) -> Bool {
        (lhs.namespace ?? "", lhs.name) < (rhs.namespace ?? "", rhs.name)
    }
}
