// SPDX-License-Identifier: Apache-2.0

import SPIFFE

/// All objects with one version counter over them, and the latest writes, as etcd keeps them.
struct StoreState: Sendable {
    /// Versions start well above 0, which means "any" in requests.
    private(set) var version: UInt64 = 1000
    private(set) var history: [StoreEvent] = []
    /// Watches from before this version have missed something.
    private(set) var compacted: UInt64 = 1000
    private var objects: [GroupResource: [ObjectName: StoredObject]] = [:]
    private var snapshots: [GroupResource: [ListSnapshot]] = [:]
    private var latestChanges: [GroupResource: UInt64] = [:]

    private static let maximumHistory = 100_000
    private static let maximumSnapshots = 8

    subscript(resource: GroupResource, name: ObjectName) -> StoredObject? {
        objects[resource]?[name]
    }

    /// The version of the last write to any object of a type.
    func latestChange(of resource: GroupResource) -> UInt64 {
        latestChanges[resource, default: 0]
    }

    /// All objects of a type in the order of their names, as of now.
    mutating func snapshot(of resource: GroupResource) -> ListSnapshot {
        if let known = snapshot(of: resource, at: version) { return known }
        let sorted = objects[resource, default: [:]].values.sorted { $0.name < $1.name }
        let snapshot = ListSnapshot(resource: resource, version: version, objects: sorted)
        snapshots[resource] = snapshots[resource, default: []].suffix(Self.maximumSnapshots - 1) + [snapshot]
        return snapshot
    }

    /// The same as of an earlier version, while it is remembered.
    func snapshot(of resource: GroupResource, at version: UInt64) -> ListSnapshot? {
        snapshots[resource]?.last { $0.version == version }
    }

    /// Adds or replaces an object.
    mutating func put(_ value: JSONValue, in resource: GroupResource) -> StoreEvent {
        version += 1
        let object = StoredObject(value, version: version)
        let previous = objects[resource, default: [:]].updateValue(object, forKey: object.name)
        return record(
            StoreEvent(version: version, resource: resource, previous: previous, object: object, isRemoval: false))
    }

    mutating func remove(_ name: ObjectName, from resource: GroupResource) -> StoreEvent? {
        guard let previous = objects[resource]?.removeValue(forKey: name) else { return nil }
        version += 1
        let last = StoredObject(previous.value, version: version)
        return record(
            StoreEvent(version: version, resource: resource, previous: previous, object: last, isRemoval: true))
    }

    /// The writes after a version, or `nil` when some of them are forgotten.
    func events(of resource: GroupResource, after version: UInt64) -> [StoreEvent]? {
        guard version >= compacted else { return nil }
        let start = history.partitioningIndex { $0.version > version }
        return history[start...].filter { $0.resource == resource }
    }

    /// Forgets the writes so far, and the states that lists with more pages would go on with.
    mutating func compact() {
        history = []
        snapshots = [:]
        version += 1
        compacted = version
    }

    private mutating func record(_ event: StoreEvent) -> StoreEvent {
        history.append(event)
        latestChanges[event.resource] = event.version
        if history.count >= 2 * Self.maximumHistory {
            history.removeFirst(Self.maximumHistory)
            compacted = history[0].version
        }
        return event
    }
}

extension Array {
    /// Where the elements begin that meet a condition, when all such elements are at the end.
    fileprivate func partitioningIndex(_ isInSecondPart: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if isInSecondPart(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
