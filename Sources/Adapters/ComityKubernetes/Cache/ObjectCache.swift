// SPDX-License-Identifier: Apache-2.0

import Logging
public import ServiceLifecycle
public import SPIFFE
import Synchronization

/// Keeps a copy of the objects of a type: a list, then a watch that is resumed where it broke off.
///
/// A read that fails never looks like an empty list: the last objects stay, and the snapshot says that it is not complete.
///
/// ```swift
/// let pods = ObjectCache(client, .pods)
/// // pods.run() in a service group
/// for await _ in pods.changes {
///     let snapshot = pods.snapshot
///     guard snapshot.isComplete else { continue }
///     reconcile(snapshot.objects)
/// }
/// ```
public final class ObjectCache: Service {
    /// What is known at one moment.
    public struct Snapshot: Sendable {
        /// The objects by namespace and name.
        public internal(set) var objectsByKey: [ObjectKey: JSONValue] = [:]
        /// Whether these are all objects: `false` until the first list has come, and again after a list that failed, be it
        /// that the API no longer has the type.
        public internal(set) var isComplete = false
        /// Why the last attempt failed; `nil` once a later one did not.
        public internal(set) var failure: KubernetesError?

        /// The objects in the order of their keys.
        public var objects: [JSONValue] {
            objectsByKey.sorted { $0.key < $1.key }.map(\.value)
        }
    }

    /// Takes away what few need and much memory holds: `metadata.managedFields`.
    public static let withoutManagedFields: @Sendable (JSONValue) -> JSONValue = { object in
        guard var members = object.object, var metadata = members["metadata"]?.object else { return object }
        metadata["managedFields"] = nil
        members["metadata"] = .object(metadata)
        return .object(members)
    }

    /// Whose objects are kept.
    public let type: ResourceType

    private let client: KubernetesClient
    private let namespace: String?
    private let selection: ObjectSelection
    private let trimming: @Sendable (JSONValue) -> JSONValue
    private let state = Mutex(Snapshot())
    private let listeners = ChangeListeners()

    /// Makes an empty cache; ``run()`` fills it.
    ///
    /// - Parameters:
    ///   - namespace: `nil` keeps the objects of all namespaces.
    ///   - trimming: Makes the value that is kept of each object. It must keep `metadata.name` and `namespace`.
    public init(
        _ client: KubernetesClient, _ type: ResourceType, namespace: String? = nil, _ selection: ObjectSelection = .all,
        trimming: @escaping @Sendable (JSONValue) -> JSONValue = withoutManagedFields
    ) {
        self.client = client
        self.type = type
        self.namespace = namespace
        self.selection = selection
        self.trimming = trimming
    }

    /// What is known now.
    public var snapshot: Snapshot { state.withLock { $0 } }

    /// Tells that the snapshot is another one, at first at once. Changes that come faster than they are looked at are told
    /// once. Each reader has its own stream.
    public var changes: AsyncStream<Void> { listeners.stream() }

    /// Keeps the copy until the task is cancelled or the service group shuts down.
    public func run() async throws {
        await cancelWhenGracefulShutdown { await self.follow() }
    }

    private func follow() async {
        var rule = FollowRule()
        var next = rule.start
        while !Task.isCancelled {
            do throws(KubernetesError) {
                switch next {
                case .list(let wait):
                    try await client.pause(wait)
                    next = try await list(&rule)
                case .watch(let version, let wait):
                    try await client.pause(wait)
                    next = try await watch(from: version, &rule)
                }
            } catch {
                // Only cancelling ends a wait.
                return
            }
        }
    }

    private func list(_ rule: inout FollowRule) async throws(KubernetesError) -> FollowRule.Action {
        var found: [ObjectKey: JSONValue] = [:]
        do throws(KubernetesError) {
            let version = try await client.pages(type, namespace: namespace, selection) { page in
                guard let page else { return found = [:] }
                for object in page {
                    if let key = ObjectKey(object) { found[key] = trimming(object) }
                }
            }
            change { $0 = Snapshot(objectsByKey: found, isComplete: true) }
            return rule.listed(resourceVersion: version)
        } catch {
            if error.reason == KubernetesError.Reason.cancelled { throw error }
            client.logger.debug("cannot list objects; going on with those known before", metadata: metadata(error))
            change {
                $0.isComplete = false
                $0.failure = error
            }
            return rule.listFailed(random: .random(in: 0..<1))
        }
    }

    private func watch(
        from version: String, _ rule: inout FollowRule
    ) async throws(KubernetesError) -> FollowRule.Action {
        do throws(KubernetesError) {
            try await client.watchOnce(type, namespace: namespace, selection, from: version) {
                mend()
            } _: { event async throws(KubernetesError) in
                rule.received(event)
                apply(event)
            }
            return rule.watchEnded(nil, random: .random(in: 0..<1))
        } catch {
            if error.reason == KubernetesError.Reason.cancelled { throw error }
            client.logger.debug("watch of objects broke off", metadata: metadata(error))
            change { $0.failure = error }
            return rule.watchEnded(error, random: .random(in: 0..<1))
        }
    }

    private func apply(_ event: WatchEvent) {
        switch event {
        case .added(let object), .modified(let object):
            guard let key = ObjectKey(object) else { return }
            change { $0.objectsByKey[key] = trimming(object) }
        case .deleted(let object):
            guard let key = ObjectKey(object) else { return }
            change { $0.objectsByKey[key] = nil }
        case .bookmark: break
        }
    }

    private func mend() {
        if snapshot.failure != nil { change { $0.failure = nil } }
    }

    private func change(_ body: (inout Snapshot) -> Void) {
        state.withLock { body(&$0) }
        listeners.tell()
    }

    private func metadata(_ error: KubernetesError) -> Logger.Metadata {
        ["type": "\(type.plural)", "error": "\(error)"]
    }
}
