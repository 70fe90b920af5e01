// SPDX-License-Identifier: Apache-2.0

/// Which pods get which entries from ClusterSPIFFEIDs, and why others get none; kept from pass to pass, so that only
/// what changed is rendered anew.
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

        package static let maximumFailures = 10

        package var namespacesSelected = 0
        /// Selected, but the controller's configuration passes over them.
        package var namespacesIgnored = 0
        package var podsSelected = 0
        package var podsFinished = 0
        package var podsUnscheduled = 0
        package var renderFailures = 0
        package var firstFailures: [Failure] = []

        package init() {}
    }

    /// A version of a resource.
    private struct Stamp: Hashable, Sendable {
        let name: String
        let uid: String
        let generation: Int64

        init(_ resource: ClusterSPIFFEID) {
            name = resource.metadata.name
            uid = resource.metadata.uid
            generation = resource.metadata.generation
        }
    }

    private enum Verdict: Sendable {
        case entry(DeclaredEntry)
        case finished, unscheduled
        case failure(String)
    }

    private struct Assignment: Sendable {
        var verdicts: [(stamp: Stamp, verdict: Verdict)] = []
    }

    private let renderer: PodEntryRenderer
    private let ignoresNamespace: @Sendable (String) -> Bool
    /// Those that are no fallback first.
    private var resources: [ClusterSPIFFEID] = []
    private var namespaces: [String: [String: String]] = [:]
    private var ignored: Set<String> = []
    /// By pod.
    private var assignments: [String: Assignment] = [:]
    private var counts: [String: Outcome] = [:]
    private var failures: [String: [String: Outcome.Failure]] = [:]
    /// Pods of which something cannot be rendered: it cannot be told what they should get.
    package private(set) var undecidedPods: Set<String> = []

    /// - Parameter ignoresNamespace: Whether the configuration passes over a namespace.
    package init(_ names: ClusterNames, ignoresNamespace: @escaping @Sendable (String) -> Bool = { _ in false }) {
        renderer = PodEntryRenderer(names)
        self.ignoresNamespace = ignoresNamespace
    }

    // MARK: - What there is

    /// - Parameter resources: Those that this controller handles.
    /// - Returns: Whether all pods must be assigned anew.
    package mutating func use(_ resources: [ClusterSPIFFEID]) -> Bool {
        let ordered = resources.filter { !$0.isFallback } + resources.filter(\.isFallback)
        guard ordered.map(Stamp.init) != self.resources.map(Stamp.init) else { return false }
        self.resources = ordered
        return true
    }

    /// - Parameter namespaces: Labels by name.
    /// - Returns: Those whose pods must be assigned anew.
    package mutating func use(namespaces: [String: [String: String]]) -> Set<String> {
        var changed = Set(namespaces.filter { self.namespaces[$0.key] != $0.value }.keys)
        changed.formUnion(self.namespaces.keys.filter { namespaces[$0] == nil })
        for name in changed {
            ignored.remove(name)
            if namespaces[name] != nil, ignoresNamespace(name) { ignored.insert(name) }
        }
        self.namespaces = namespaces
        return changed
    }

    /// Says what a pod gets.
    ///
    /// - Parameters:
    ///   - node: The one that the pod runs on; `nil` when it is not known.
    ///   - services: Names of the services that the pod backs.
    ///   - isSame: Pod, node and services are as they were: what was rendered is taken again.
    ///   - facts: Reads what templates need; only asked when something is rendered.
    package mutating func assign(
        _ pod: PodOutline, on node: NodeFacts?, services: Set<String> = [], isSame: Bool = false,
        facts: () -> PodFacts?
    ) -> [DeclaredEntry] {
        let before = assignments[pod.uid]
        forget(pod.uid)
        guard let labels = namespaces[pod.namespace], !ignored.contains(pod.namespace) else { return [] }
        var assignment = Assignment()
        var declared: [DeclaredEntry] = []
        var isTaken = false
        var known: PodFacts?
        for resource in resources where !resource.isFallback || !isTaken {
            guard resource.namespaceSelector.matches(labels), resource.podSelector.matches(pod.labels) else { continue }
            let stamp = Stamp(resource)
            let kept = isSame ? before?.verdicts.first { $0.stamp == stamp }?.verdict : nil
            let verdict =
                kept
                ?? verdict(resource, pod, node, services) {
                    if known == nil { known = facts() }
                    return known
                }
            if case .entry(let entry) = verdict {
                declared.append(entry)
                if !resource.isFallback { isTaken = true }
            }
            assignment.verdicts.append((stamp, verdict))
        }
        guard !assignment.verdicts.isEmpty else { return [] }
        assignments[pod.uid] = assignment
        add(assignment, of: pod)
        return declared
    }

    /// A pod that is gone.
    package mutating func forget(_ uid: String) {
        guard let assignment = assignments.removeValue(forKey: uid) else { return }
        for (stamp, verdict) in assignment.verdicts {
            add(-1, verdict, to: stamp.name)
            failures[stamp.name]?[uid] = nil
        }
        undecidedPods.remove(uid)
    }

    // MARK: - What became of it

    /// By the resource's name.
    package var outcomes: [String: Outcome] {
        var outcomes: [String: Outcome] = [:]
        for resource in resources {
            let name = resource.metadata.name
            var outcome = counts[name] ?? Outcome()
            for (namespace, labels) in namespaces where resource.namespaceSelector.matches(labels) {
                outcome.namespacesSelected += 1
                if ignored.contains(namespace) { outcome.namespacesIgnored += 1 }
            }
            let failed = failures[name]?.values.sorted { $0.pod < $1.pod } ?? []
            outcome.firstFailures = Array(failed.prefix(Outcome.maximumFailures))
            outcomes[name] = outcome
        }
        return outcomes
    }

    // MARK: - Parts

    private func verdict(
        _ resource: ClusterSPIFFEID, _ pod: PodOutline, _ node: NodeFacts?, _ services: Set<String>,
        _ facts: () -> PodFacts?
    ) -> Verdict {
        guard !pod.isFinished else { return .finished }
        guard !pod.nodeName.isEmpty else { return .unscheduled }
        guard let node else { return .failure("node \"\(pod.nodeName)\" is not known") }
        guard let facts = facts() else { return .failure("the pod cannot be read") }
        do throws(ResourceError) {
            let entry = try renderer.entry(for: facts, on: node, as: resource, services: services)
            return .entry(DeclaredEntry(owner: resource.metadata, entry: entry))
        } catch {
            return .failure(error.message)
        }
    }

    private mutating func add(_ assignment: Assignment, of pod: PodOutline) {
        for (stamp, verdict) in assignment.verdicts {
            add(1, verdict, to: stamp.name)
            if case .failure(let reason) = verdict {
                failures[stamp.name, default: [:]][pod.uid] = Outcome.Failure(
                    pod: "\(pod.namespace)/\(pod.name)", reason: reason)
                undecidedPods.insert(pod.uid)
            }
        }
    }

    private mutating func add(_ amount: Int, _ verdict: Verdict, to name: String) {
        counts[name, default: Outcome()].podsSelected += amount
        switch verdict {
        case .entry: break
        case .finished: counts[name]?.podsFinished += amount
        case .unscheduled: counts[name]?.podsUnscheduled += amount
        case .failure: counts[name]?.renderFailures += amount
        }
    }
}
