// SPDX-License-Identifier: Apache-2.0

/// A kind of objects of the Kubernetes API, and where it is found.
public struct ResourceType: Hashable, Sendable {
    /// Empty for the core group.
    public let group: String
    public let version: String
    /// Such as `ConfigMap`.
    public let kind: String
    /// In paths: `configmaps`.
    public let plural: String
    public let isNamespaced: Bool

    public init(group: String = "", version: String, kind: String, plural: String, isNamespaced: Bool) {
        self.group = group
        self.version = version
        self.kind = kind
        self.plural = plural
        self.isNamespaced = isNamespaced
    }

    /// As objects name it: `v1`, `apps/v1`.
    public var apiVersion: String { group.isEmpty ? version : "\(group)/\(version)" }
}
