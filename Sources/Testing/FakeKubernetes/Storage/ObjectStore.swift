// SPDX-License-Identifier: Apache-2.0

import SPIFFE
import Synchronization

/// The state behind the API, and those who watch it.
final class ObjectStore: Sendable {
    private struct Guarded {
        var state = StoreState()
        var watchers: [Int: Watcher] = [:]
        var nextWatcher = 0
        /// Watches that fell too far behind.
        var overrun: [Watcher] = []
    }

    private struct Watcher {
        let resource: GroupResource
        let signals: AsyncStream<StoreSignal>.Continuation
    }

    /// Whoever is this far behind is disconnected, as the real API does.
    private static let maximumBacklog = 200_000

    private let guarded = Mutex(Guarded())

    var version: UInt64 { guarded.withLock { $0.state.version } }

    /// The version of the last write to any object of a type.
    func latestChange(of resource: GroupResource) -> UInt64 {
        guarded.withLock { $0.state.latestChange(of: resource) }
    }

    func object(_ name: ObjectName, in resource: GroupResource) -> StoredObject? {
        guarded.withLock { $0.state[resource, name] }
    }

    func snapshot(of resource: GroupResource) -> ListSnapshot {
        guarded.withLock { $0.state.snapshot(of: resource) }
    }

    func snapshot(of resource: GroupResource, at version: UInt64) -> ListSnapshot? {
        guarded.withLock { $0.state.snapshot(of: resource, at: version) }
    }

    /// Writes an object, provided that what is there still is what the writer has seen.
    ///
    /// - Parameter expected: the version that must be there; `nil` when nothing may be there.
    /// - Returns: `nil` when something else is there.
    func put(_ value: JSONValue, in resource: GroupResource, over expected: UInt64?) -> StoredObject? {
        change { guarded in
            let name = StoredObject(value, version: 0).name
            guard guarded.state[resource, name]?.version == expected else { return nil }
            let event = guarded.state.put(value, in: resource)
            tell(event, &guarded)
            return event.object
        }
    }

    /// Removes an object, provided that it still has the version that the remover has seen.
    func remove(_ name: ObjectName, from resource: GroupResource, over expected: UInt64) -> StoredObject? {
        change { guarded in
            guard guarded.state[resource, name]?.version == expected else { return nil }
            guard let event = guarded.state.remove(name, from: resource) else { return nil }
            tell(event, &guarded)
            return event.object
        }
    }

    /// What happens to a type from a version on; `nil` is from now on.
    ///
    /// - Returns: `nil` when what came after the version is forgotten.
    func watch(_ resource: GroupResource, after version: UInt64?) -> AsyncStream<StoreSignal>? {
        guarded.withLock { guarded in
            let missed = version.map { guarded.state.events(of: resource, after: $0) } ?? []
            guard let missed else { return nil }
            let (signals, continuation) = AsyncStream<StoreSignal>.makeStream(
                bufferingPolicy: .bufferingOldest(Self.maximumBacklog))
            for event in missed { continuation.yield(.event(event)) }
            let id = guarded.nextWatcher
            guarded.nextWatcher += 1
            guarded.watchers[id] = Watcher(resource: resource, signals: continuation)
            continuation.onTermination = { [weak self] _ in self?.forget(watcher: id) }
            return signals
        }
    }

    /// Tells all who watch how far they are.
    func announceVersion() {
        guarded.withLock { guarded in
            let version = guarded.state.version
            for watcher in guarded.watchers.values { watcher.signals.yield(.bookmark(version)) }
        }
    }

    /// Ends all watches.
    func dropWatchers() {
        let dropped = guarded.withLock { guarded in
            defer { guarded.watchers = [:] }
            return Array(guarded.watchers.values)
        }
        for watcher in dropped { watcher.signals.finish() }
    }

    func compact() {
        guarded.withLock { $0.state.compact() }
    }

    private func change(_ body: (inout Guarded) -> StoredObject?) -> StoredObject? {
        let (result, overrun) = guarded.withLock { guarded in
            let result = body(&guarded)
            defer { guarded.overrun = [] }
            return (result, guarded.overrun)
        }
        // Not under the lock, for each of them asks for it.
        for watcher in overrun { watcher.signals.finish() }
        return result
    }

    private func tell(_ event: StoreEvent, _ guarded: inout Guarded) {
        for watcher in guarded.watchers.values where watcher.resource == event.resource {
            if case .dropped = watcher.signals.yield(.event(event)) { guarded.overrun.append(watcher) }
        }
    }

    private func forget(watcher id: Int) {
        guarded.withLock { _ = $0.watchers.removeValue(forKey: id) }
    }
}
