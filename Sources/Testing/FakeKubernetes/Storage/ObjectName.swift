// SPDX-License-Identifier: Apache-2.0

/// Which object of its type; the namespace is empty for objects of the cluster.
struct ObjectName: Hashable, Comparable, Sendable {
    let namespace: String
    let name: String

    static func < (lhs: ObjectName, rhs: ObjectName) -> Bool {
        (lhs.namespace, lhs.name) < (rhs.namespace, rhs.name)
    }
}
