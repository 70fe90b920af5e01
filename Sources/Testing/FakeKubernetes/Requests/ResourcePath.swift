// SPDX-License-Identifier: Apache-2.0

/// The objects or the object that a path names.
struct ResourcePath: Sendable {
    let group: String
    let version: String
    let namespace: String?
    let plural: String
    let name: String?
    let subresource: String?

    /// - Returns: `nil` when the path is none of the API's resources.
    init?(_ path: [String]) {
        var rest = path[...]
        switch rest.popFirst() {
        case "api": group = ""
        case "apis":
            guard let first = rest.popFirst() else { return nil }
            group = first
        default: return nil
        }
        guard let version = rest.popFirst(), !rest.isEmpty else { return nil }
        self.version = version
        // `namespaces/a/status` is about the namespace itself.
        if rest.count >= 3, rest.first == "namespaces", !["status", "finalize"].contains(rest[rest.startIndex + 2]) {
            namespace = rest[rest.startIndex + 1]
            rest = rest.dropFirst(2)
        } else {
            namespace = nil
        }
        guard let plural = rest.popFirst(), rest.count <= 2 else { return nil }
        self.plural = plural
        name = rest.popFirst()
        subresource = rest.popFirst()
    }
}
