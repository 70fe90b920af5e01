// SPDX-License-Identifier: Apache-2.0

import ComityKubernetes
import ComityResources
import ComityTelemetry
import Logging
import SPIFFE

/// A cluster as the source of entries. Each look costs what changed since the last.
struct ClusterEntries: EntryDeclarations {
    private struct Pod: Sendable {
        var key: ObjectKey
        var version: String
        var outline: PodOutline
    }

    private struct Node: Sendable {
        var version: String
        var content: JSONValue
        var facts: NodeFacts
    }

    private let caches: ClusterCaches
    private let rule: ClassRule
    private let trustDomain: TrustDomain
    private var selection: PodSelection
    private var spiffeIDs: [String: ReadResource<ClusterSPIFFEID>] = [:]
    private var staticEntries: [String: ReadResource<ClusterStaticEntry>] = [:]
    private var nodes: [String: Node] = [:]
    private var services = ServiceIndex()
    /// By UID.
    private var pods: [String: Pod] = [:]
    private var uids: [ObjectKey: String] = [:]
    /// What pods depend on was read at least once: before, nothing can be said of any.
    private var hasReadPods = false

    init(_ caches: ClusterCaches, _ configuration: ControllerConfiguration, _ names: ClusterNames) {
        self.caches = caches
        rule = configuration.classRule
        trustDomain = configuration.trustDomain
        let patterns = configuration.ignoreNamespaces
        selection = PodSelection(names) { name in patterns.contains { $0.matches(name) } }
    }

    mutating func declare(in ledger: inout EntryLedger) -> EntryReading {
        var reading = EntryReading()
        if let group = caches.staticEntries { declareStaticEntries(group, &ledger, &reading) }
        if let groups = caches.pods { declarePods(groups, &ledger, &reading) }
        return reading
    }

    // MARK: - ClusterStaticEntries

    private mutating func declareStaticEntries(
        _ group: CacheGroup, _ ledger: inout EntryLedger, _ reading: inout EntryReading
    ) {
        if group.takeNews() {
            var gone = Set(staticEntries.keys)
            for object in group.objects {
                let name = object["metadata"]?["name"]?.string ?? ""
                gone.remove(name)
                if staticEntries[name]?.isSame(as: object) ?? false {
                    staticEntries[name]?.object = object
                    continue
                }
                let read = ReadResource(object, rule) { json throws(ResourceError) in try ClusterStaticEntry(json: json)
                }
                // What an object declared that cannot be used any more stays as it is.
                if !read.isRefused {
                    let declared = read.resource.map { DeclaredEntry(owner: $0.metadata, entry: $0.entry) }
                    ledger.declare(declared.map { [$0] } ?? [], by: .staticEntry(name))
                }
                staticEntries[name] = read
            }
            for name in gone {
                staticEntries[name] = nil
                ledger.declare([], by: .staticEntry(name))
            }
        }
        reading.hasReadAll = reading.hasReadAll && group.isComplete
        for (name, read) in staticEntries {
            guard case .refused(let error) = read.content else { continue }
            reading.keepsOtherEntries = true
            reading.problems.append(
                Problem(
                    .error, "Failed to render ClusterStaticEntry",
                    [.clusterStaticEntry: name, .error: error.message]))
        }
        tell(group, &reading)
    }

    // MARK: - Pods

    private mutating func declarePods(
        _ groups: ClusterCaches.Pods, _ ledger: inout EntryLedger, _ reading: inout EntryReading
    ) {
        for group in groups.all {
            reading.hasReadAll = reading.hasReadAll && group.isComplete
            tell(group, &reading)
        }
        if !hasReadPods {
            hasReadPods = groups.all.allSatisfy(\.isComplete)
            guard hasReadPods else { return }
        }
        var changed = updateNodes(groups.nodes)
        if groups.endpoints.takeNews() { changed.formUnion(services.update(groups.endpoints)) }
        let moved = updateNamespaces(groups.namespaces)
        let isAnotherSelection = updateSPIFFEIDs(groups.spiffeIDs)
        let assigned = updatePods(groups.pods, &ledger)
        for uid in changed where !assigned.contains(uid) { assign(uid, isSame: false, groups.pods, &ledger) }
        if isAnotherSelection || !moved.isEmpty {
            for (uid, pod) in pods where !changed.contains(uid) && !assigned.contains(uid) {
                if isAnotherSelection || moved.contains(pod.outline.namespace) {
                    assign(uid, isSame: true, groups.pods, &ledger)
                }
            }
        }
        reading.undecidedPods = selection.undecidedPods
        if !selection.undecidedPods.isEmpty { reading.problems += renderProblems }
        for (name, read) in spiffeIDs {
            guard case .refused(let error) = read.content else { continue }
            reading.undecidedPods.formUnion(pods.keys)
            reading.problems.append(
                Problem(
                    .error, "Failed to parse ClusterSPIFFEID spec",
                    [.clusterSPIFFEID: name, .error: error.message]))
        }
    }

    /// The first pods of each resource that cannot have an entry.
    private var renderProblems: [Problem] {
        selection.outcomes.sorted { $0.key < $1.key }.flatMap { name, outcome in
            outcome.firstFailures.map { failure in
                Problem(
                    .error, "Failed to render entry",
                    [.clusterSPIFFEID: name, .object: "Pod/\(failure.pod)", .error: failure.reason])
            }
        }
    }

    private mutating func assign(
        _ uid: String, isSame: Bool, _ group: CacheGroup, _ ledger: inout EntryLedger
    ) {
        guard let pod = pods[uid] else { return }
        assign(pod.outline, isSame: isSame, &ledger) { group.object(pod.key).flatMap(Trimming.pod(of:)) }
    }

    private mutating func assign(
        _ pod: PodOutline, isSame: Bool, _ ledger: inout EntryLedger, _ object: () -> JSONValue?
    ) {
        let entries = selection.assign(
            pod, on: nodes[pod.nodeName]?.facts, services: services.services(of: pod.uid), isSame: isSame
        ) {
            object().flatMap(PodFacts.init(json:))
        }
        ledger.declare(entries, by: .pod(pod.uid))
    }

    /// Assigns pods that are not as they were; each is read once, so that not many are in memory.
    ///
    /// - Returns: Their UIDs.
    private mutating func updatePods(_ group: CacheGroup, _ ledger: inout EntryLedger) -> Set<String> {
        guard group.takeNews() else { return [] }
        var seen = 0
        var new: [(ObjectKey, String, JSONValue)] = []
        group.forEach { key, object in
            let version = object["metadata"]?["resourceVersion"]?.string ?? ""
            if let uid = uids[key] {
                seen += 1
                if pods[uid]?.version == version { return }
            }
            new.append((key, version, object))
        }
        if seen < uids.count { forgetMissing(group, &ledger) }
        var assigned: Set<String> = []
        for (key, version, kept) in new {
            guard let object = Trimming.pod(of: kept), let outline = PodOutline(json: object) else { continue }
            if let uid = uids[key], uid != outline.uid { forget(uid, key, &ledger) }
            uids[key] = outline.uid
            pods[outline.uid] = Pod(key: key, version: version, outline: outline)
            assigned.insert(outline.uid)
            assign(outline, isSame: false, &ledger) { object }
        }
        return assigned
    }

    private mutating func forgetMissing(_ group: CacheGroup, _ ledger: inout EntryLedger) {
        var gone = uids
        group.forEach { key, _ in gone[key] = nil }
        for (key, uid) in gone { forget(uid, key, &ledger) }
    }

    private mutating func forget(_ uid: String, _ key: ObjectKey, _ ledger: inout EntryLedger) {
        uids[key] = nil
        pods[uid] = nil
        selection.forget(uid)
        ledger.declare([], by: .pod(uid))
    }

    /// - Returns: The UIDs of pods whose node is another one.
    private mutating func updateNodes(_ group: CacheGroup) -> Set<String> {
        guard group.takeNews() else { return [] }
        var changed: Set<String> = []
        var gone = Set(nodes.keys)
        group.forEach { key, object in
            gone.remove(key.name)
            let version = object["metadata"]?["resourceVersion"]?.string ?? ""
            guard nodes[key.name]?.version != version else { return }
            let content = Self.content(ofNode: object)
            guard nodes[key.name]?.content != content, let facts = NodeFacts(json: object) else {
                nodes[key.name]?.version = version
                return
            }
            nodes[key.name] = Node(version: version, content: content, facts: facts)
            changed.insert(key.name)
        }
        for name in gone { nodes[name] = nil }
        changed.formUnion(gone)
        guard !changed.isEmpty else { return [] }
        return Set(pods.filter { changed.contains($0.value.outline.nodeName) }.keys)
    }

    /// Without what changes with each sign of life.
    private static func content(ofNode object: JSONValue) -> JSONValue {
        guard var members = object.object, var metadata = members["metadata"]?.object else { return object }
        metadata["resourceVersion"] = nil
        members["metadata"] = .object(metadata)
        return .object(members)
    }

    /// - Returns: The names of those that are not as they were.
    private mutating func updateNamespaces(_ group: CacheGroup) -> Set<String> {
        guard group.takeNews() else { return [] }
        var namespaces: [String: [String: String]] = [:]
        group.forEach { key, object in namespaces[key.name] = Labels(json: object["metadata"]?["labels"]).values }
        return selection.use(namespaces: namespaces)
    }

    /// - Returns: Whether all pods must be looked at anew.
    private mutating func updateSPIFFEIDs(_ group: CacheGroup) -> Bool {
        guard group.takeNews() else { return false }
        var read: [String: ReadResource<ClusterSPIFFEID>] = [:]
        for object in group.objects {
            let name = object["metadata"]?["name"]?.string ?? ""
            if var known = spiffeIDs[name], known.isSame(as: object) {
                known.object = object
                read[name] = known
            } else {
                read[name] = ReadResource(object, rule) { json throws(ResourceError) in try ClusterSPIFFEID(json: json)
                }
            }
        }
        spiffeIDs = read
        let resources = read.values.compactMap(\.resource)
        return selection.use(resources.sorted { $0.metadata.name < $1.metadata.name })
    }

    private func tell(_ group: CacheGroup, _ reading: inout EntryReading) {
        guard !group.isComplete, let failure = group.error else { return }
        reading.problems.append(
            Problem(.warning, "Objects of the cluster cannot be read", [.object: group.type.plural, .error: failure]))
    }

    // MARK: - What became of it

    func outcomes(_ ledger: EntryLedger, bundles: Set<TrustDomain>) -> EntryOutcomes {
        var outcomes = EntryOutcomes()
        let selected = selection.outcomes
        for (name, read) in spiffeIDs {
            outcomes.spiffeIDs.append((read.object, facts(name, read, selected[name], ledger, bundles)))
        }
        for (name, read) in staticEntries {
            let standing: ClusterStaticEntryStatus.Standing? =
                switch read.content {
                case .unselected(let reason): .unselected(reason)
                case .refused(let error): .refused(error)
                case .usable: ledger.standing(of: .staticEntry(name))
                }
            if let standing { outcomes.staticEntries.append((read.object, standing, read.resource?.warnings ?? [])) }
        }
        return outcomes
    }

    private func facts(
        _ name: String, _ read: ReadResource<ClusterSPIFFEID>, _ selected: PodSelection.Outcome?,
        _ ledger: EntryLedger, _ bundles: Set<TrustDomain>
    ) -> ClusterSPIFFEIDFacts {
        let resource: ClusterSPIFFEID
        switch read.content {
        case .unselected(let reason): return ClusterSPIFFEIDFacts(.unselected(reason))
        case .refused(let error): return ClusterSPIFFEIDFacts(.refused(error))
        case .usable(let usable): resource = usable
        }
        var facts = ClusterSPIFFEIDFacts(.inForce)
        facts.selection = selected ?? PodSelection.Outcome()
        let tally = ledger.tallies[.clusterSPIFFEID(name)] ?? EntryTally()
        facts.entriesMasked = tally.masked
        facts.entriesToSet = tally.wanted
        facts.entryFailures = tally.failed
        let failures = ledger.failures(of: .clusterSPIFFEID(name), atMost: PodSelection.Outcome.maximumFailures)
        facts.firstEntryFailures = failures.map { failure in
            ClusterSPIFFEIDFacts.Failure(pod: podName(failure.source), reason: failure.reason)
        }
        facts.awaitedBundles = resource.federatesWith.subtracting(bundles).subtracting([trustDomain])
        facts.warnings = resource.warnings
        return facts
    }

    private func podName(_ source: EntrySource) -> String {
        guard case .pod(let uid) = source, let pod = pods[uid]?.outline else { return "" }
        return "\(pod.namespace)/\(pod.name)"
    }
}
