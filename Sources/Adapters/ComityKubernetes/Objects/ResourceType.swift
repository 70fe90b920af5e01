// SPDX-License-Identifier: Apache-2.0

/// A kind of objects of the Kubernetes API, and where it is found.
public struct ResourceType: Hashable, Sendable {
    /// Empty for the core group.
    public let group: String
    /// Such as `v1`.
    public let version: String
    /// Such as `ConfigMap`.
    public let kind: String
    /// In paths: `configmaps`.
    public let plural: String
    /// Whether its objects are in namespaces.
    public let isNamespaced: Bool

    /// Makes a type, such as of a custom resource.
    public init(group: String = "", version: String, kind: String, plural: String, isNamespaced: Bool) {
        self.group = group
        self.version = version
        self.kind = kind
        self.plural = plural
        self.isNamespaced = isNamespaced
    }

    /// As objects name it: `v1`, `apps/v1`.
    public var apiVersion: String { group.isEmpty ? version : "\(group)/\(version)" }

    /// The path of the group, which answers with what is served in it.
    var groupPath: String { group.isEmpty ? "/api/\(version)" : "/apis/\(group)/\(version)" }
}

extension ResourceType {
    /// Pods.
    public static let pods = core("Pod", "pods")
    /// Nodes.
    public static let nodes = core("Node", "nodes", isNamespaced: false)
    /// Namespaces.
    public static let namespaces = core("Namespace", "namespaces", isNamespaced: false)
    /// Services.
    public static let services = core("Service", "services")
    /// Small texts by key, 1 MiB in all.
    public static let configMaps = core("ConfigMap", "configmaps")
    /// Small secrets by key, in base64.
    public static let secrets = core("Secret", "secrets")
    /// Which pods are behind a service; deprecated since Kubernetes 1.33.
    public static let endpoints = core("Endpoints", "endpoints")
    /// Which pods are behind a service, in parts.
    public static let endpointSlices = ResourceType(
        group: "discovery.k8s.io", version: "v1", kind: "EndpointSlice", plural: "endpointslices", isNamespaced: true)
    /// Who leads.
    public static let leases = ResourceType(
        group: "coordination.k8s.io", version: "v1", kind: "Lease", plural: "leases", isNamespaced: true)
    /// What happened to an object.
    public static let events = core("Event", "events")
    /// Whose a token is.
    public static let tokenReviews = ResourceType(
        group: "authentication.k8s.io", version: "v1", kind: "TokenReview", plural: "tokenreviews",
        isNamespaced: false)

    private static func core(_ kind: String, _ plural: String, isNamespaced: Bool = true) -> ResourceType {
        ResourceType(version: "v1", kind: kind, plural: plural, isNamespaced: isNamespaced)
    }
}
