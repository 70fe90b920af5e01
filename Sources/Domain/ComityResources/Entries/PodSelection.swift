// SPDX-License-Identifier: Apache-2.0

/// Which pods get which entries from ClusterSPIFFEIDs, and why others get none.
package struct PodSelection: Sendable {
    /// What became of one ClusterSPIFFEID.
    package struct Outcome: Hashable, Sendable {
        /// Pods whose entry cannot be made, with the reason; the first ones only.
        package struct Failure: Hashable, Sendable {
            package let pod: String
            package let reason: String

            package init(pod: String, reason: String) {
                self.pod = pod
                self.reason = reason
            }
        }

        fileprivate static let maximumFailures = 10

        package var namespacesSelected = 0
        /// Selected, but the controller's configuration passes over them.
        package var namespacesIgnored = 0
        package var podsSelected = 0
        package var podsFinished = 0
        package var podsUnscheduled = 0
        package var renderFailures = 0
        package var firstFailures: [Failure] = []

        package init() {}

        fileprivate mutating func fail(_ pod: PodFacts, _ reason: String) {
            renderFailures += 1
            guard firstFailures.count < Self.maximumFailures else { return }
            firstFailures.append(Failure(pod: "\(pod.namespace)/\(pod.name)", reason: reason))
        }
    }

    /// What the cluster holds.
    package struct Cluster: Sendable {
        /// Labels by name.
        package var namespaces: [String: [String: String]]
        package var pods: [PodFacts]
        /// By name.
        package var nodes: [String: NodeFacts]
        /// Names of the services that a pod backs, by its UID.
        package var services: [String: Set<String>]

        package init(
            namespaces: [String: [String: String]], pods: [PodFacts], nodes: [String: NodeFacts],
            services: [String: Set<String>] = [:]
        ) {
            self.namespaces = namespaces
            self.pods = pods
            self.nodes = nodes
            self.services = services
        }
    }

    private let renderer: PodEntryRenderer
    private let ignoresNamespace: @Sendable (String) -> Bool
    package private(set) var declared: [DeclaredEntry] = []
    /// By the resource's name.
    package private(set) var outcomes: [String: Outcome] = [:]
    /// The UIDs of pods that have an entry by a resource that is no fallback.
    private var taken: Set<String> = []

    /// - Parameters:
    ///   - resources: Those that this controller handles.
    ///   - ignoresNamespace: Whether the configuration passes over a namespace.
    package init(
        _ resources: [ClusterSPIFFEID], in cluster: Cluster, names: ClusterNames,
        ignoresNamespace: @escaping @Sendable (String) -> Bool = { _ in false }
    ) {
        renderer = PodEntryRenderer(names)
        self.ignoresNamespace = ignoresNamespace
        let podsByNamespace = Dictionary(grouping: cluster.pods, by: \.namespace)
        for resource in resources.filter({ !$0.isFallback }) + resources.filter(\.isFallback) {
            var outcome = Outcome()
            for (namespace, labels) in cluster.namespaces.sorted(by: { $0.key < $1.key })
            where resource.namespaceSelector.matches(labels) {
                outcome.namespacesSelected += 1
                guard !ignoresNamespace(namespace) else {
                    outcome.namespacesIgnored += 1
                    continue
                }
                for pod in podsByNamespace[namespace] ?? [] where resource.podSelector.matches(pod.labels) {
                    apply(resource, to: pod, in: cluster, &outcome)
                }
            }
            outcomes[resource.metadata.name] = outcome
        }
    }

    private mutating func apply(
        _ resource: ClusterSPIFFEID, to pod: PodFacts, in cluster: Cluster, _ outcome: inout Outcome
    ) {
        guard !resource.isFallback || !taken.contains(pod.uid) else { return }
        outcome.podsSelected += 1
        guard !pod.isFinished else {
            outcome.podsFinished += 1
            return
        }
        guard !pod.nodeName.isEmpty else {
            outcome.podsUnscheduled += 1
            return
        }
        guard let node = cluster.nodes[pod.nodeName] else {
            return outcome.fail(pod, "node \"\(pod.nodeName)\" is not known")
        }
        do throws(ResourceError) {
            let entry = try renderer.entry(
                for: pod, on: node, as: resource, services: cluster.services[pod.uid] ?? [])
            declared.append(DeclaredEntry(owner: resource.metadata, entry: entry))
            if !resource.isFallback { taken.insert(pod.uid) }
        } catch {
            outcome.fail(pod, error.message)
        }
    }
}
